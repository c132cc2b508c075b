import { createContentBudget } from '@longhaul/content'
import { limits, type ModelReply, type Plan, type ToolCall } from '@longhaul/core'
import { checkAnswer } from './check-answer.ts'
import { checkCalls } from './tools/check-calls.ts'

/**
 * The calls of a model's reply as they are recorded, and the problem of its answer, if it does not match the plan's
 * output format. All checks of a reply share one budget. Rejects with the signal's reason when the signal is aborted.
 */
export async function checkReply(
  reply: Pick<ModelReply, 'parts' | 'calls' | 'reason'>,
  {
    plan,
    taken,
    mintId,
    workspace,
    signal,
  }: {
    plan: Pick<Plan, 'tools' | 'output'>
    /** The ids of the task's earlier calls. */
    taken: ReadonlySet<string>
    mintId: () => string
    workspace: string
    signal: AbortSignal
  },
): Promise<{ calls: ToolCall[]; problem?: string }> {
  // A worker runs a limited number of turns, so its work waits for a thread and is never refused.
  const of = { milliseconds: limits.replyChecks }
  const budget = createContentBudget(workspace, { of, patient: true, signal })
  const calls = await checkCalls(reply.calls, { tools: plan.tools, taken, mintId, budget })
  const problem = await checkAnswer(reply, plan.output, budget)
  return { calls, ...(problem !== undefined && { problem }) }
}
