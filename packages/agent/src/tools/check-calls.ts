import { checkJsons, type ContentBudget } from '@longhaul/content'
import {
  cutText,
  limits,
  wellFormedJson,
  type ModelReply,
  type PlanTool,
  type ToolCall,
} from '@longhaul/core'

/**
 * The calls of a model's reply as they are recorded. Each call has an id that is unique in the task, and the problem
 * for which it cannot run, if there is one. Of too many calls, the last ones are not made. `arguments` is a JSON object
 * unless the problem says otherwise, or the client receives the call in any case.
 */
export async function checkCalls(
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
    /** The budget for the checks of all calls. */
    budget: ContentBudget
  },
): Promise<ToolCall[]> {
  const used = new Set(taken)
  const recorded = calls.map((call, at): ToolCall => {
    const callId = isUsable(call.callId) && !used.has(call.callId) ? call.callId : mintId()
    used.add(callId)
    const checked = {
      callId,
      name: call.name,
      arguments: call.arguments.trim() === '' ? '{}' : wellFormedJson(call.arguments),
      ...(call.vendor && { vendor: call.vendor }),
    }
    return at < limits.callsPerReply ? checked : { ...checked, notMade: tooMany }
  })
  const problems = await problemsOf(recorded.slice(0, limits.callsPerReply), { tools, budget })
  return recorded.map((call, at) => {
    const problem = problems[at]
    return problem === undefined ? call : { ...call, problem }
  })
}

const tooMany = `not made: of one reply, the first ${limits.callsPerReply} calls are made`

function isUsable(id: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(id)
}

/** Checks all calls together, so that slow checks need only one pass on a thread. */
async function problemsOf(
  calls: ToolCall[],
  { tools, budget }: { tools: PlanTool[]; budget: ContentBudget },
): Promise<(string | undefined)[]> {
  const found = calls.map(({ name }) => tools.find((tool) => tool.name === name))
  const checks = calls.flatMap(({ arguments: json }, at) => {
    const tool = found[at]
    if (tool === undefined || isUnchecked(tool)) return []
    return { json, object: true, schema: jsonOf(tool.parameters) }
  })
  const misfits = (await checkJsons(checks, budget)).values()
  return calls.map(({ name }, at) => {
    const tool = found[at]
    if (tool === undefined) return unknownTool(name, tools)
    const misfit = isUnchecked(tool) ? undefined : misfits.next().value
    if (misfit === undefined) return undefined
    return 'problem' in misfit
      ? `the arguments of ${name} do not fit: ${misfit.problem}`
      : `the arguments of ${name} are not a JSON object`
  })
}

/** The schemas of a plan as JSON. Each is written once for all calls. */
const schemas = new WeakMap<object, string>()

function jsonOf(schema: object): string {
  const known = schemas.get(schema) ?? JSON.stringify(schema)
  schemas.set(schema, known)
  return known
}

function isUnchecked(tool: PlanTool): boolean {
  return tool.kind === 'function' && tool.unchecked === true
}

function unknownTool(name: string, tools: PlanTool[]): string {
  const known = tools.map((tool) => tool.name).join(', ')
  const unknown = `there is no tool "${cutText(name, 100)}"`
  return known === '' ? `${unknown}, and no other` : `${unknown}; there are: ${known}`
}
