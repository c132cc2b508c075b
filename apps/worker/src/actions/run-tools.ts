import {
  isInstant,
  runInstantTool,
  runTool,
  type ToolOutcome,
  type ToolServices,
} from '@longhaul/agent'
import {
  type Action,
  addResultFiles,
  type FileTotal,
  limits,
  type NewFact,
  parseArguments,
  type Plan,
  type PlanTool,
  responseId,
  resultFilesProblem,
  type ReserveCapacity,
  type State,
  type ToolCall,
} from '@longhaul/core'
import type { RunningAttempt } from '../turn/attempt.ts'
import { callAgent, type CallAgentPorts } from './call-agent.ts'
import type { Drain } from '../turn/drain.ts'
import type { LogWriter } from '../turn/log-writer.ts'
import type { HeldBytes } from '../capacity/live-bytes.ts'

type RunTools = Extract<Action, { type: 'RunTools' }>

type Run = {
  state: State
  plan: Plan
  attempt: RunningAttempt
  writer: LogWriter
  services: ToolServices
  workspace: string
  deps: { drain: Pick<Drain, 'isDraining'>; childPorts: CallAgentPorts }
  hold: () => HeldBytes
  /** Whether the turn must be released for other work. */
  isOver: () => boolean
}

/**
 * Runs calls concurrently, up to a limit, and records the start and the outcome of each. The start is recorded only
 * when the call is made, because a started call may have had its effect; a call that can have none is recorded as a
 * whole. A worker that shuts down starts no more calls. A failed tool is a result, not an error.
 */
export async function runTools({ calls, unmade }: RunTools, run: Run): Promise<void> {
  const { state, plan, attempt, writer, deps } = run
  const started = new Set(state.calls.map((call) => call.callId))
  const ends = unmade.flatMap(({ call, error }) => [
    // An earlier turn may have started the call.
    ...(started.has(call.callId) ? [] : [startOf(call, plan)]),
    failed(call, plan, error),
  ])
  const remaining = calls.values()
  // The call was approved after a crash. After another crash it must be known whether it was started again.
  const mustStartAgain = ({ callId }: ToolCall) => {
    const review = state.reviews.get(callId)
    return review?.requested.because !== undefined && review.used !== true
  }

  const files = { taken: state.resultFiles }
  let hasMade = false
  async function lane(): Promise<void> {
    for (const call of remaining) {
      attempt.signal.throwIfAborted()
      if (deps.drain.isDraining() || (hasMade && run.isOver())) return
      const isNew = !started.has(call.callId) || mustStartAgain(call)
      const start = isNew ? [startOf(call, plan)] : []
      const outcome = instantOutcome(call, plan)
      if (outcome !== undefined) await writer.append(start, [outcome])
      else {
        if (isNew) await writer.append(start)
        await make(call, { ...run, files })
      }
      hasMade = true
    }
  }
  // Appends without an await between them are sent together.
  await Promise.all([
    ends.length > 0 && writer.append(ends),
    ...Array.from({ length: limits.callsAtOnce }, lane),
  ])
}

type Making = Run & {
  /** The files in the results of the turn so far. Concurrent calls share them. */
  files: { taken: FileTotal }
}

/** Makes a call. The outcome is recorded before the capacity of the call is released. */
async function make(call: ToolCall, run: Making): Promise<void> {
  const held = run.hold()
  try {
    const outcome = await outcomeOf(call, { ...run, capacity: held.capacity })
    if (outcome !== 'later') await run.writer.append([outcome])
  } finally {
    held.end()
  }
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

function failed(call: ToolCall, plan: Plan, error: string): NewFact {
  const toolId = plan.tools.find((each) => each.name === call.name)?.id ?? call.name
  return { type: 'tool.failed', callId: call.callId, toolId, error, ms: 0 }
}

/** The outcome of a call that is not made, or that neither waits nor has an effect; undefined for any other call. */
function instantOutcome(call: ToolCall, plan: Plan): NewFact | undefined {
  const tool = plan.tools.find((each) => each.name === call.name)
  if (tool === undefined || call.problem !== undefined) {
    return failed(call, plan, call.problem ?? `no tool ${call.name}`)
  }
  if (!isInstant(tool)) return undefined
  const input = parseArguments(call.arguments) ?? {}
  return factOf(runInstantTool(input, { tool, now: Date.now() }), { call, tool, ms: 0 })
}

/** `later` if a sub-agent answers the call later. */
async function outcomeOf(
  call: ToolCall,
  run: Making & { capacity: ReserveCapacity },
): Promise<NewFact | 'later'> {
  const { plan, state, attempt, services, capacity } = run
  const { callId } = call
  const tool = plan.tools.find((each) => each.name === call.name)
  if (tool === undefined) return failed(call, plan, `no tool ${call.name}`)
  attempt.throwIfLost()
  const startedAt = performance.now()
  const answer = await runTool(parseArguments(call.arguments) ?? {}, {
    tool,
    idempotencyKey: `${responseId(attempt.ref.taskId, state.stepOfRequest)}.${callId}`,
    variables: { ...plan.variables, ...state.variables },
    services,
    capacity,
    signal: attempt.signal,
    now: Date.now(),
    callAgent: (member, message) => callAgent({ callId, member, message }, run),
  })
  const outcome = withinLimits(answer, run.files)
  if (outcome === 'later') return outcome
  return factOf(outcome, { call, tool, ms: Math.round(performance.now() - startedAt) })
}

function factOf(
  outcome: Exclude<ToolOutcome, 'later'>,
  { call: { callId }, tool, ms }: { call: ToolCall; tool: PlanTool; ms: number },
): NewFact {
  const toolId = tool.id
  return outcome.ok
    ? { type: 'tool.returned', callId, toolId, ...returned(outcome), ms }
    : { type: 'tool.failed', callId, toolId, error: outcome.error, ms }
}

function returned({ result, files }: Extract<ToolOutcome, { ok: true }>) {
  return { result, ...(files && { files }) }
}

/** The outcome of a call, whose files count from here on. A call fails when its files exceed a limit. */
function withinLimits(outcome: ToolOutcome, turn: Making['files']): ToolOutcome {
  if (outcome === 'later' || !outcome.ok || outcome.files === undefined) return outcome
  const problem = resultFilesProblem(outcome.files, turn.taken)
  if (problem !== undefined) return { ok: false, error: problem }
  turn.taken = addResultFiles(turn.taken, outcome.files)
  return outcome
}
