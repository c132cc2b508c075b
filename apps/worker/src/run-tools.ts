import { runTool } from '@longhaul/agent'
import { type NewFact, parseArguments, type Plan, type State, type ToolCall } from '@longhaul/core'
import type { Attempted } from './attempt.ts'
import type { Journal } from './journal.ts'

type Run = { state: State; plan: Plan; attempt: Attempted; journal: Journal }

/** Runs calls side by side and records each one's start and outcome. A failed tool is an answer, not an error. */
export async function runTools(calls: ToolCall[], run: Run): Promise<void> {
  const { state, plan, journal } = run
  const begun = new Set(state.calls.map((call) => call.callId))
  const starts = calls.filter((call) => !begun.has(call.callId)).map((call) => startOf(call, plan))
  if (starts.length > 0) await journal.append(starts)
  await Promise.all(calls.map(async (call) => journal.append([await outcomeOf(call, run)])))
}

function startOf(call: ToolCall, plan: Plan): NewFact {
  const tool = plan.tools.find((each) => each.name === call.name)
  return {
    type: 'tool.called',
    callId: call.callId,
    toolId: tool?.id ?? call.name,
    name: call.name,
    arguments: parseArguments(call.arguments) ?? {},
    ...(tool?.displayName === undefined ? {} : { displayName: tool.displayName }),
  }
}

async function outcomeOf(call: ToolCall, { plan, attempt }: Run): Promise<NewFact> {
  const { callId } = call
  const tool = plan.tools.find((each) => each.name === call.name)
  const toolId = tool?.id ?? call.name
  if (tool === undefined || call.problem !== undefined) {
    return {
      type: 'tool.failed',
      callId,
      toolId,
      error: call.problem ?? `no tool ${call.name}`,
      ms: 0,
    }
  }
  attempt.throwIfLost()
  const startedAt = performance.now()
  const outcome = await runTool(
    { callId, name: call.name, arguments: parseArguments(call.arguments) ?? {} },
    { tool, signal: attempt.signal, now: Date.now() },
  )
  const ms = Math.round(performance.now() - startedAt)
  return outcome.ok
    ? { type: 'tool.returned', callId, toolId, result: outcome.result, ms }
    : { type: 'tool.failed', callId, toolId, error: outcome.error, ms }
}
