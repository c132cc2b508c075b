import { createPython } from './python.ts'

/** A test's request to this process: `code` with its `params`, and a time limit. */
export type Asked = { code: string; params?: Record<string, unknown>; seconds?: number }
export type Answered = { result?: unknown; stdout?: string; error?: string }

/** A process that runs code for a test, as the user that its second argument names. */
const [unpacked = '', user = ''] = process.argv.slice(2)
if (user !== '') {
  process.setgroups?.([])
  process.setgid?.(Number(user))
  process.setuid?.(Number(user))
}
const python = createPython({
  path: process.env['PATH'] ?? '',
  unpacked,
  memory: 2_048 * 1024 * 1024,
})
function answer(answered: Answered): void {
  process.send?.(answered)
}

process.on('message', ({ code, params = {}, seconds = 20 }: Asked) => {
  const signal = AbortSignal.timeout(seconds * 1_000)
  python
    .run(code, { workspace: 'w', params, seconds, signal })
    .then(answer, (error: Error) => answer({ error: error.message }))
})
