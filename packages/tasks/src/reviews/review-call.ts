import { checkJsons, createContentBudget } from '@longhaul/content'
import {
  type Admit,
  type Fact,
  fold,
  hasEnded,
  invalid,
  LonghaulError,
  type PendingReview,
  pendingReviews,
  type PlanStore,
  type ReviewDecided,
  type Reviews,
  type State,
  type TaskStore,
  type TaskView,
} from '@longhaul/core'
import { orRepeat } from '../lib/when-unavailable.ts'
import { findVisibleTask, type FindPorts, type TaskName, unknownTask } from '../find/find-task.ts'

/** A reviewer's decision about a call that waits. */
export type ReviewDecision = Pick<ReviewDecided, 'review' | 'reason' | 'arguments'>

/** A call of a task that waits, or has waited, for a review. */
export type TaskReview = PendingReview & { taskId: string; turn: number; agentId: string }

export type ReviewPorts = { store: TaskStore; plans: PlanStore; reviews: Reviews }

/** Decides a call that waits for a review. Rejects with not_found, and with conflict when the call no longer waits. */
export async function decideCall(
  { name, callId, decision }: { name: TaskName; callId: string; decision: ReviewDecision },
  ports: ReviewPorts & FindPorts & { admit: Admit },
): Promise<TaskReview & { decided: ReviewDecided }> {
  return await orRepeat('Send the same decision again: it counts once.', async () =>
    reviewCall(await findVisibleTask(name, ports), callId, decision, ports),
  )
}

/**
 * Decides a call once: a repeat of the same decision changes nothing, and a different one is a conflict. Resolves with
 * the review and the decision.
 */
async function reviewCall(
  view: TaskView,
  callId: string,
  decision: ReviewDecision,
  { store, plans, reviews, admit }: ReviewPorts & { admit: Admit },
): Promise<TaskReview & { decided: ReviewDecided }> {
  const { taskId, agentId, workspace, bytes } = view
  admit(bytes)
  for (;;) {
    const facts = await store.facts(taskId)
    const state = fold(facts)
    const review = state.reviews.get(callId)
    if (review === undefined) throw unknownCall(callId)
    const { requested, decided } = review
    const known = { requested, taskId, turn: state.turn, agentId }
    if (decided !== undefined) {
      if (!isSame(decided, decision)) throw decidedOtherwise(callId, decided)
      return { ...known, decided }
    }
    if (!isOpen(state, callId)) throw tooLate(callId)
    await checkArguments(decision, requested.name, { plan: state.plan, workspace, plans })
    const { toolId } = requested
    const fact: ReviewDecided = {
      type: 'review.decided',
      callId,
      toolId,
      ...decision,
      by: 'reviewer',
    }
    const folded = facts.length
    const outcome = await reviews.record({ taskId, turn: state.turn }, { folded, fact })
    if (outcome === 'recorded') return { ...known, decided: fact }
    // The turn has ended, or the log has moved: read again what is decided now.
    if (outcome === 'ended') {
      const now = await store.view(taskId)
      if (now === undefined) throw unknownTask(taskId)
      if (hasEnded(now.status)) throw tooLate(callId)
    }
  }
}

/** The calls of a task that wait for a review, by its facts. */
export function waitingCalls({ taskId, agentId }: TaskView, facts: Fact[]): TaskReview[] {
  const state = fold(facts)
  if (state.ended !== undefined) return []
  return pendingReviews(state).map((each) => ({ ...each, taskId, turn: state.turn, agentId }))
}

function isOpen(state: State, callId: string): boolean {
  return state.ended === undefined && state.open.some((call) => call.callId === callId)
}

function isSame(decided: ReviewDecided, { review, arguments: edited }: ReviewDecision): boolean {
  return decided.review === review && JSON.stringify(decided.arguments) === JSON.stringify(edited)
}

async function checkArguments(
  { arguments: edited }: ReviewDecision,
  name: string,
  { plan: hash, workspace, plans }: { plan: string; workspace: string; plans: PlanStore },
): Promise<void> {
  if (edited === undefined) return
  const plan = await plans.get(workspace, hash)
  const tool =
    plan === undefined || plan === 'newer'
      ? undefined
      : plan.tools.find((each) => each.name === name)
  if (tool === undefined) return
  const check = { json: JSON.stringify(edited), schema: JSON.stringify(tool.parameters) }
  const [misfit] = await checkJsons([check], createContentBudget(workspace))
  if (misfit !== undefined && 'problem' in misfit) {
    throw invalid('arguments', `do not fit the tool: ${misfit.problem}`)
  }
}

export function unknownCall(callId: string): LonghaulError {
  return new LonghaulError('not_found', `No call ${callId} waits for a review`)
}

function decidedOtherwise(callId: string, { review, by }: ReviewDecided): LonghaulError {
  const whom = by === 'expiry' ? 'by itself, when its time was over' : 'by somebody'
  return new LonghaulError('conflict', `The call ${callId} was ${review} ${whom}`)
}

function tooLate(callId: string): LonghaulError {
  return new LonghaulError('conflict', `The call ${callId} waits no more: its turn has ended`)
}
