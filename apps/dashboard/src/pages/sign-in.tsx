import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { callSession, messageOf, type Session } from '../data/api.ts'
import { ErrorNote } from '../parts/empty-state.tsx'

/** Signs in with a key, or with the link that `npm start` prints. */
export function SignIn() {
  const queries = useQueryClient()
  const [problem, setProblem] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  const usedLink = useRef(false)

  async function signIn(body: { key: string } | { link: string }) {
    setBusy(true)
    setProblem(undefined)
    try {
      const session = await callSession<Session>('POST', body)
      queries.setQueryData(['session'], session)
    } catch (error) {
      setProblem(messageOf(error))
    } finally {
      setBusy(false)
    }
  }

  useEffect(() => {
    const link = location.hash.slice(1)
    if (link === '' || usedLink.current) return
    usedLink.current = true
    // The link works once, so it must not stay in the history.
    history.replaceState(null, '', location.pathname)
    void signIn({ link })
  })

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const key = new FormData(event.currentTarget).get('key')
    void signIn({ key: typeof key === 'string' ? key.trim() : '' })
  }

  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <title>Sign in · Longhaul</title>
      <form onSubmit={submit} className="card grid w-full max-w-sm gap-4 p-6">
        <h1 className="text-lg font-semibold">Sign in to Longhaul</h1>
        <label className="grid gap-1">
          <span className="text-soft">API key of a workspace, or the operator key</span>
          <input
            name="key"
            type="password"
            className="field"
            autoComplete="off"
            spellCheck={false}
            required
            autoFocus
          />
        </label>
        {problem !== undefined && <ErrorNote>{problem}</ErrorNote>}
        <button type="submit" className="button button-main justify-center" disabled={isBusy}>
          Sign in
        </button>
        <p className="text-xs text-soft">
          The key is sealed in a cookie that this page cannot read. The session ends after 12 hours.
        </p>
      </form>
    </main>
  )
}
