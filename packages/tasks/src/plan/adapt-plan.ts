import type { ContentBudget } from '@longhaul/content'
import {
  cutText,
  defined,
  hashedName,
  invalid,
  isModelId,
  limits,
  type ModelChoice,
  modelIdForm,
  type OutputFormat,
  type Plan,
  type PlanTool,
} from '@longhaul/core'
import { checkSchemasAt, type SchemaAtPath } from '../lib/check-schemas.ts'

/** The changes that a request makes to the plan of its agent, for one turn. */
export type PlanChanges = {
  /** Text that the model receives after the system prompt. */
  directions?: string
  /** Functions that the client runs. */
  tools?: FunctionInput[]
  /** Set when the request also has tools that the server would have to run: they are left out. */
  toolsLeftOut?: true
  /** The only tools that the model is offered. */
  allowed?: string[]
  /** Parameters of the model, under their wire names. */
  parameters?: Record<string, unknown>
  /** Models, by their ids, in place of the agent's own fallbacks. */
  fallbacks?: string[]
  retry?: NonNullable<ModelChoice['retry']>
  /** The form of the answer; text where there is no format. */
  output?: { format?: OutputFormat }
  /** Limits above those of the agent have no effect. */
  maxIterations?: number
  maxExecutionSeconds?: number
} & Pick<Plan, 'maxOutputTokens' | 'maxToolCalls' | 'untrimmed'>

type FunctionInput = {
  name: string
  description: string
  parameters?: Record<string, unknown>
  /** The path of the tool in the caller's body, if not `changes.tools[…]`. */
  path?: string
} & Pick<Extract<PlanTool, { kind: 'function' }>, 'strict' | 'unchecked'>

/** Applies the changes of one turn to a plan. Rejects with invalid and names what does not fit the plan. */
export async function adaptPlan(
  plan: Plan,
  changes: PlanChanges,
  budget: ContentBudget,
): Promise<Plan> {
  const tools = toolsOf(plan, changes)
  refuseImpossibleChoice(changes, tools)
  await checkSchemasAt(schemasOf(changes), budget)
  const { output: _, ...rest } = plan
  const { directions, maxOutputTokens, maxToolCalls, untrimmed } = changes
  return {
    ...rest,
    v: 4,
    tools,
    models: modelsOf(plan, changes),
    ...outputOf(plan, changes),
    ...defined({ directions, maxOutputTokens, maxToolCalls, untrimmed }),
    maxIterations: Math.min(plan.maxIterations, changes.maxIterations ?? Infinity),
    maxExecutionSeconds: Math.min(
      plan.maxExecutionSeconds,
      changes.maxExecutionSeconds ?? Infinity,
    ),
  }
}

/** Refuses a choice that forces a call which the model cannot make. */
function refuseImpossibleChoice(
  { parameters, toolsLeftOut }: PlanChanges,
  tools: PlanTool[],
): void {
  const choice = parameters?.['tool_choice']
  const named = nameOf(choice)
  if (named !== undefined && !tools.some(({ name }) => name === named)) {
    throw invalid('changes.toolChoice', `there is no tool ${cutText(named, 100)}`)
  }
  if (choice === 'required' && toolsLeftOut && tools.length === 0) {
    const problem = 'forces a call, and this server runs none of the tools: offer a function'
    throw invalid('changes.toolChoice', problem)
  }
}

function toolsOf(plan: Plan, { tools: added = [], allowed }: PlanChanges): PlanTool[] {
  const tools = [...plan.tools]
  const count = tools.length + added.length
  if (count > limits.agentTools) {
    throw invalid('changes.tools', `with the agent's own are ${count}: ${limits.agentTools} can be`)
  }
  for (const [i, tool] of added.entries()) {
    const { name, description, strict, unchecked } = tool
    const path = pathOf(tool, i)
    const at = tools.findIndex((other) => other.name === name)
    const other = tools[at]
    // The caller's function keeps its name, so that a sync of a server does not break the caller's requests.
    if (other?.kind === 'mcp') tools[at] = { ...other, name: hashedName(name, other.id) }
    else if (other !== undefined) {
      throw invalid(`${path}.name`, `another tool is named ${name} already`)
    }
    const parameters = parametersOf(tool)
    if (parameters.type !== 'object') throw invalid(`${path}.parameters.type`, 'must be object')
    const own = { id: name, name, description, parameters }
    tools.push({ kind: 'function', ...own, ...defined({ strict, unchecked }) })
  }
  if (allowed === undefined) return tools
  for (const name of allowed) {
    if (tools.some((tool) => tool.name === name)) continue
    throw invalid('changes.allowed', `there is no tool ${cutText(name, 100)}`)
  }
  return tools.filter(({ name }) => allowed.includes(name))
}

function pathOf({ path }: FunctionInput, index: number): string {
  return path ?? `changes.tools[${index}]`
}

function parametersOf({ parameters }: Pick<FunctionInput, 'parameters'>) {
  return { type: 'object', properties: {}, ...parameters }
}

/** All schemas of a request, which are checked together. */
function schemasOf({ tools = [], output }: PlanChanges): SchemaAtPath[] {
  const ofTools = tools.map((tool, i) => ({
    path: `${pathOf(tool, i)}.parameters`,
    schema: parametersOf(tool),
  }))
  const schema = output?.format?.schema
  return schema === undefined ? ofTools : [...ofTools, { path: 'changes.output.schema', schema }]
}

function modelsOf(plan: Plan, changes: PlanChanges): ModelChoice[] {
  const { parameters = {}, fallbacks, retry, output } = changes
  const [first, ...others] = plan.models
  for (const [i, id] of (fallbacks ?? []).entries()) {
    if (isModelId(id)) continue
    const problem = `${JSON.stringify(cutText(id, 100))} is not of the form ${modelIdForm}`
    throw invalid(`changes.fallbacks[${i}]`, problem)
  }
  const chain: ModelChoice[] = fallbacks === undefined ? others : fallbacks.map((id) => ({ id }))
  return [...(first === undefined ? [] : [first]), ...chain].map((model) => {
    const own = { ...model.parameters, ...parameters }
    // It would override the output format of the turn.
    if (output !== undefined) delete own['response_format']
    return {
      ...model,
      ...(Object.keys(own).length > 0 && { parameters: own }),
      ...(retry !== undefined && { retry }),
    }
  })
}

function outputOf(plan: Plan, { output }: PlanChanges): Pick<Plan, 'output'> {
  if (output === undefined) return defined({ output: plan.output })
  const { format } = output
  return format === undefined ? {} : { output: format }
}

function nameOf(choice: unknown): string | undefined {
  if (typeof choice !== 'object' || choice === null || !('function' in choice)) return undefined
  const { function: called } = choice as { function: { name: string } }
  return called.name
}
