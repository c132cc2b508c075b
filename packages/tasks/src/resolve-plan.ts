import { checkTemplate } from '@longhaul/content'
import { builtinTools, invalid } from '@longhaul/core'
import type { Agent, AgentTool, Plan, PlanTool, StoredTool } from '@longhaul/core'
import { systemTemplate } from './system-template.ts'

/**
 * An agent as one turn runs it, with each tool at the version that `stored` holds under its id.
 * Refuses an agent that could not run: what is named, in which field, is for its owner to mend.
 */
export function resolvePlan(agent: Agent, stored: ReadonlyMap<string, StoredTool>): Plan {
  refuseApprovals(agent)
  const tools = agent.tools.map((tool, i) => planTool(tool, stored, `settings.tools[${i}]`))
  refuseSameNames(tools)
  return {
    v: 1,
    agent: { id: agent.id, key: agent.key, version: agent.version },
    ...checkedPrompt(agent),
    engine: agent.engine,
    variables: agent.variables,
    models: [agent.model, ...agent.fallbacks],
    tools,
    maxIterations: agent.maxIterations,
    maxExecutionSeconds: agent.maxExecutionSeconds,
  }
}

/** Nobody can approve anything yet. A function needs no approval: the client that runs it decides. */
function refuseApprovals({ tools, toolApproval }: Agent) {
  if (toolApproval === 'none') return
  for (const [i, { kind, requiresApproval }] of tools.entries()) {
    if (kind === 'function') continue
    if (toolApproval === 'all') {
      throw invalid(
        'settings.tool_approval_required',
        `approval of tools (here of ${kind}) is not supported yet: use none or respect_tool`,
      )
    }
    if (requiresApproval) {
      throw invalid(`settings.tools[${i}].requires_approval`, 'approval is not supported yet')
    }
  }
}

function planTool(
  tool: AgentTool,
  stored: ReadonlyMap<string, StoredTool>,
  path: string,
): PlanTool {
  const configuration = tool.configuration && { configuration: tool.configuration }
  if (tool.kind !== 'function') {
    const { name, displayName, description, parameters } = builtinTools[tool.kind]
    const id = tool.id
    return { kind: tool.kind, id, name, displayName, description, parameters, ...configuration }
  }

  const found = stored.get(tool.id)
  const called = tool.key === undefined ? tool.id : `${tool.key} (${tool.id})`
  if (found === undefined) throw invalid(path, `the tool ${called} does not exist any more`)
  const { definition } = found
  if (definition.type !== 'function') throw invalid(path, `the tool ${called} is not a function`)
  const { name, description, parameters } = definition.function
  return {
    kind: 'function',
    id: found.id,
    name,
    ...(found.displayName !== undefined && { displayName: found.displayName }),
    description: description ?? found.description,
    parameters: parameters ?? { type: 'object', properties: {} },
    ...configuration,
  }
}

function refuseSameNames(tools: PlanTool[]) {
  const seen = new Set<string>()
  for (const [i, { name }] of tools.entries()) {
    if (seen.has(name)) {
      throw invalid(`settings.tools[${i}]`, `another tool of this agent is named ${name} already`)
    }
    seen.add(name)
  }
}

/** Each text must be a template by itself, so that none can reach into another one. */
function checkedPrompt(agent: Agent): Pick<Plan, 'system' | 'systemParts'> {
  const { role, description, instructions, systemPrompt: own = '', engine } = agent
  const texts = { role, description, instructions, system_prompt: own }
  for (const [path, text] of Object.entries(texts)) refuseBroken(path, text)
  const templates = systemTemplate(agent)
  refuseBroken(own === '' ? 'instructions' : 'system_prompt', templates.system)
  return templates

  function refuseBroken(path: string, text: string) {
    const problem = checkTemplate(text, engine)
    if (problem !== undefined) throw invalid(path, problem)
  }
}
