import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { client, messageOf } from '../../data/api.ts'
import { counted } from '../../data/format.ts'
import { fieldTime, timeOfField } from '../../data/zoned-time.ts'
import { Choice } from '../../parts/choice.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { ErrorNote } from '../../parts/empty-state.tsx'
import { FormField } from '../../parts/form-field.tsx'

type Include = 'failed' | 'missing'
type Progress = { recovered: number; isOver: boolean }

const explanations: Record<Include, string> = {
  failed: 'Deliveries that have failed are sent again.',
  missing:
    'Ends of turns and approvals that have no delivery are sent: what happened while the endpoint was disabled.',
}

/** Sends the failed or missing events of a time, in requests of bounded size, one after the other. */
export function RecoverForm({ endpoint, onClose }: { endpoint: string; onClose: () => void }) {
  const queries = useQueryClient()
  const [include, setInclude] = useState<Include>('failed')
  const [since, setSince] = useState(() => fieldTime(Date.now() - 86_400_000))
  const [until, setUntil] = useState('')
  const [progress, setProgress] = useState<Progress>()
  const [problem, setProblem] = useState<string>()
  const leaving = useRef(new AbortController())
  useEffect(() => {
    const controller = new AbortController()
    leaving.current = controller
    return () => controller.abort()
  }, [])

  async function recover() {
    const { signal } = leaving.current
    const [from, to] = [timeOfField(since), timeOfField(until)]
    if (from === undefined) return
    setProblem(undefined)
    let [recovered, more, after] = [0, true, '']
    setProgress({ recovered, isOver: false })
    try {
      while (more && !signal.aborted) {
        const reply = await client.webhooks.recover(
          endpoint,
          {
            since: from,
            include,
            ...(to !== undefined && { until: to }),
            ...(after !== '' && { starting_after: after }),
          },
          { signal },
        )
        recovered += reply.recovered
        more = reply.has_more
        after = reply.last_id ?? ''
        setProgress({ recovered, isOver: !more })
      }
    } catch (error) {
      if (!signal.aborted) setProblem(messageOf(error))
      setProgress(undefined)
    }
    await queries.invalidateQueries({ queryKey: ['deliveries', endpoint] })
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    void recover()
  }
  return (
    <Dialog title="Recover events" onClose={onClose}>
      <form className="grid gap-4" onSubmit={submit}>
        <Choice
          label="Which events"
          value={include}
          options={[
            ['failed', 'Failed'],
            ['missing', 'Missing'],
          ]}
          onChange={setInclude}
        />
        <p className="text-soft">{explanations[include]} Their pace leaves room for new events.</p>
        <div className="grid gap-4 sm:grid-cols-2">
          <FormField label="From" note="In your time zone.">
            <input
              type="datetime-local"
              className="field"
              required
              value={since}
              onChange={({ target }) => setSince(target.value)}
            />
          </FormField>
          <FormField label="To" note="Empty: until now.">
            <input
              type="datetime-local"
              className="field"
              value={until}
              onChange={({ target }) => setUntil(target.value)}
            />
          </FormField>
        </div>
        {problem !== undefined && <ErrorNote>{problem}</ErrorNote>}
        {progress && (
          <p role="status" className="text-soft tabular-nums">
            {progress.isOver ? 'Done: ' : 'So far: '}
            {counted(progress.recovered, 'event')} to send.
          </p>
        )}
        <button
          type="submit"
          className="button button-main justify-self-start"
          disabled={progress?.isOver === false}
        >
          Recover
        </button>
      </form>
    </Dialog>
  )
}
