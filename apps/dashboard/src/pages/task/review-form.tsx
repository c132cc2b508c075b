import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { client, messageOf } from '../../data/api.ts'
import { duration } from '../../data/format.ts'
import { useMayAct } from '../../data/session.ts'
import { ErrorNote } from '../../parts/empty-state.tsx'
import { JsonView, textOf } from '../../parts/json-view.tsx'
import { useNow } from '../../parts/moment.tsx'

export type WaitingCall = {
  agent: string
  task_id: string
  tool_call_id: string
  tool_name: string
  arguments: Record<string, unknown>
  because?: string
  expires_at: string
}

type Options = { call: WaitingCall; command?: { key: string; at: number } | undefined }
type Decision =
  | { review: 'approved'; arguments?: Record<string, unknown> }
  | { review: 'rejected'; reason?: string }

/** A call that waits for a person: its arguments can be edited, and it can be approved or rejected. */
export function ReviewForm({ call, command }: Options) {
  const mayAct = useMayAct()
  const { decide, problem, isBusy } = useDecision(call)
  const given = textOf(call.arguments)
  const [edited, setEdited] = useState<string>()
  const [reason, setReason] = useState<string>()
  const [wrong, setWrong] = useState<string>()
  const editor = useRef<HTMLTextAreaElement>(null)

  function approve() {
    if (edited === undefined || edited === given) {
      decide({ review: 'approved' })
      return
    }
    const parsed = parseObject(edited)
    setWrong(typeof parsed === 'string' ? parsed : undefined)
    if (typeof parsed !== 'string') decide({ review: 'approved', arguments: parsed })
  }
  const edit = () => setEdited(edited ?? given)

  useEffect(() => {
    if (command === undefined) return
    if (command.key === 'a') approve()
    if (command.key === 'e') edit()
    if (command.key === 'r') setReason('')
    // A command is given once.
  }, [command?.at])

  return (
    <form
      aria-label={`Review of ${call.tool_name}`}
      className="grid gap-3"
      onSubmit={(event) => event.preventDefault()}
    >
      <div className="flex flex-wrap items-baseline gap-x-3">
        <span className="task-text font-mono font-semibold">{call.tool_name}</span>
        {call.because === 'outcome_unknown' && (
          <span className="text-warn">
            Its worker died during the call, which may have had its effect.
          </span>
        )}
        <TimeLeft until={call.expires_at} />
      </div>
      {edited === undefined ? (
        <JsonView value={call.arguments} label="Arguments" />
      ) : (
        <label className="grid gap-1">
          <span className="text-xs font-semibold text-soft">Arguments, as JSON</span>
          <textarea
            ref={editor}
            autoFocus
            className="field font-mono text-xs"
            rows={Math.min(16, edited.split('\n').length + 1)}
            value={edited}
            spellCheck={false}
            onChange={({ target }) => setEdited(target.value)}
          />
        </label>
      )}
      {reason !== undefined && (
        <label className="grid gap-1">
          <span className="text-xs font-semibold text-soft">Reason, which the model receives</span>
          <input
            autoFocus
            className="field"
            value={reason}
            onChange={({ target }) => setReason(target.value)}
          />
        </label>
      )}
      {(wrong ?? problem) !== undefined && <ErrorNote>{wrong ?? problem}</ErrorNote>}
      {mayAct && (
        <div className="flex flex-wrap gap-2">
          {reason === undefined ? (
            <>
              <button
                type="button"
                className="button button-main"
                disabled={isBusy}
                onClick={approve}
              >
                {edited === undefined ? 'Approve' : 'Approve with these arguments'}
              </button>
              {edited === undefined ? (
                <button type="button" className="button" onClick={edit}>
                  Edit arguments
                </button>
              ) : (
                <button type="button" className="button" onClick={() => setEdited(undefined)}>
                  Undo edits
                </button>
              )}
              <button
                type="button"
                className="button button-bad"
                disabled={isBusy}
                onClick={() => setReason('')}
              >
                Reject …
              </button>
            </>
          ) : (
            <>
              <button
                type="button"
                className="button button-bad"
                disabled={isBusy}
                onClick={() => decide({ review: 'rejected', ...(reason !== '' && { reason }) })}
              >
                Reject the call
              </button>
              <button type="button" className="button" onClick={() => setReason(undefined)}>
                Back
              </button>
            </>
          )}
        </div>
      )}
    </form>
  )
}

function useDecision(call: WaitingCall) {
  const queries = useQueryClient()
  const { agent: agent_key, task_id, tool_call_id } = call
  const { mutate, error, isPending, isSuccess } = useMutation({
    mutationFn: (decision: Decision) => {
      const review = { agent_key, task_id, tool_call_id }
      return decision.review === 'approved'
        ? client.reviews.approve(review, decision)
        : client.reviews.reject(review, decision)
    },
    onSettled: () => queries.invalidateQueries(),
  })
  return {
    decide: mutate,
    problem: error === null ? undefined : messageOf(error),
    isBusy: isPending || isSuccess,
  }
}

function TimeLeft({ until }: { until: string }) {
  const left = Date.parse(until) - useNow()
  return (
    <span className="ml-auto text-soft tabular-nums" title={new Date(until).toLocaleString()}>
      {left > 0 ? `${duration(left)} left` : 'expired'}
    </span>
  )
}

/** The object in a JSON text, or what is wrong with the text. */
function parseObject(text: string): Record<string, unknown> | string {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>
    }
    return 'The arguments must be a JSON object.'
  } catch (error) {
    return `The arguments are not valid JSON: ${messageOf(error)}`
  }
}
