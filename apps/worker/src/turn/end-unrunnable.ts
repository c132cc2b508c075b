import {
  type Attempt,
  type Claimed,
  endFromOutside,
  isCondemned,
  type TaskStore,
  type TurnFailure,
} from '@longhaul/core'
import { released, type TurnEnd } from './turn-end.ts'

type Why = { code: TurnFailure; message: string }

/** The reason why a claimed turn must not run; undefined if it may run. */
export function whyUnrunnable({ alone, unreadable }: Claimed): Why | undefined {
  if (isCondemned({ alone })) {
    const message = `${alone} processes in a row that ran only this turn died or stood still`
    return { code: 'worker_crashed', message }
  }
  if (unreadable === undefined) return undefined
  return { code: 'internal', message: `the log of the task cannot be read: ${unreadable}` }
}

/** Ends a turn that must not run. Releases it if the task has changed meanwhile: the next claim decides again. */
export async function endUnrunnable(
  why: Why,
  { attempt, claim, store }: { attempt: Attempt; claim: Claimed; store: TaskStore },
): Promise<TurnEnd> {
  const view = await store.view(attempt.taskId)
  const reason = claim.cancelRequested
    ? { code: 'cancelled' as const, message: 'the turn was cancelled' }
    : why
  const { fact, status, result } = endFromOutside(claim.facts, reason, view?.started.model ?? '')
  const end = { folded: claim.length, status, result }
  const reply = await store.append({ ...attempt, ordinal: 1, facts: [fact], end })
  return reply.outcome === 'ok' ? { type: 'ended', status } : released
}
