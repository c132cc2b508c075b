import {
  type Attempt,
  type ClaimReply,
  endFromOutside,
  isCondemned,
  type Status,
  type TaskStore,
  type TurnFailure,
} from '@longhaul/core'

type Claim = Extract<ClaimReply, { outcome: 'claimed' }>
type Why = { code: TurnFailure; message: string }

/** Why a claimed turn must not be run; undefined when it may. */
export function whyUnfit({ alone, unreadable }: Claim): Why | undefined {
  if (isCondemned({ alone })) {
    const message = `${alone} processes in a row that ran only this turn died or stood still`
    return { code: 'worker_crashed', message }
  }
  if (unreadable === undefined) return undefined
  return { code: 'internal', message: `the log of the task cannot be read: ${unreadable}` }
}

/** Ends a turn that must not be run. Undefined when something came between: the next claim tells what. */
export async function endUnfit(
  why: Why,
  { attempt, claim, store }: { attempt: Attempt; claim: Claim; store: TaskStore },
): Promise<Status | undefined> {
  const view = await store.view(attempt.taskId)
  const reason = claim.cancelRequested
    ? { code: 'cancelled' as const, message: 'the turn was cancelled' }
    : why
  const { fact, status, result } = endFromOutside(claim.facts, reason, view?.started.model ?? '')
  const end = { folded: claim.length, status, result }
  const reply = await store.append({ ...attempt, ordinal: 1, facts: [fact], end })
  return reply.outcome === 'ok' ? status : undefined
}
