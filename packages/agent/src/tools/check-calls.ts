import { checkAgainstSchema } from '@longhaul/content'
import { type Budget, limits, type ModelReply, type PlanTool, type ToolCall } from '@longhaul/core'

/**
 * The calls of a model's reply as they are recorded: each with an id of its own in the task, and
 * with the problem for which it cannot run, if it has one; of too many, the last ones are not made.
 * `arguments` is a JSON object unless the problem says otherwise.
 */
export function checkCalls(
  calls: ModelReply['calls'],
  {
    tools,
    taken,
    mintId,
    budget,
  }: {
    tools: PlanTool[]
    /** The ids of the task's earlier calls. */
    taken: ReadonlySet<string>
    mintId: () => string
    /** What the checks of all calls may take. */
    budget: Budget
  },
): ToolCall[] {
  const used = new Set(taken)
  return calls.map((call, at) => {
    const callId = isUsable(call.callId) && !used.has(call.callId) ? call.callId : mintId()
    used.add(callId)
    const text = call.arguments.trim() === '' ? '{}' : call.arguments
    const checked = {
      callId,
      name: call.name,
      arguments: text,
      ...(call.vendor && { vendor: call.vendor }),
    }
    if (at >= limits.callsPerReply) return { ...checked, notMade: tooMany }
    const problem = problemOf(call.name, text, { tools, budget })
    return problem === undefined ? checked : { ...checked, problem }
  })
}

const tooMany = `not made: of one reply, the first ${limits.callsPerReply} calls are made`

function isUsable(id: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(id)
}

function problemOf(
  name: string,
  text: string,
  { tools, budget }: { tools: PlanTool[]; budget: Budget },
): string | undefined {
  const tool = tools.find((candidate) => candidate.name === name)
  if (tool === undefined) return unknownTool(name, tools)
  const value = parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return `the arguments of ${name} are not a JSON object`
  }
  const misfit = checkAgainstSchema(tool.parameters, value, budget)
  return misfit === undefined ? undefined : `the arguments of ${name} do not fit: ${misfit}`
}

function unknownTool(name: string, tools: PlanTool[]): string {
  const known = tools.map((tool) => tool.name).join(', ')
  const unknown = `there is no tool "${name.slice(0, 100)}"`
  return known === '' ? `${unknown}, and no other` : `${unknown}; there are: ${known}`
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
