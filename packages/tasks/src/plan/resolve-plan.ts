import { checkTemplates, type ContentBudget } from '@longhaul/content'
import { invalid, limits, outputAskedFor } from '@longhaul/core'
import type {
  Agent,
  AgentTool,
  Approval,
  McpServer,
  OutputFormat,
  Plan,
  PlanTool,
  StoredTool,
  TeamMember,
} from '@longhaul/core'
import { checkSchemasAt } from '../lib/check-schemas.ts'
import { type McpEntry, mcpTools } from './mcp-tools.ts'
import { resolveTool } from './resolve-tool.ts'
import { systemTemplate } from './system-template.ts'

/** The agents that an agent may call. */
export type Team = TeamMember[]
/** MCP servers by their ids. */
export type Servers = ReadonlyMap<string, McpServer>

/**
 * The plan of an agent, with each tool at the version that `stored` holds under its id. Refuses an agent that could not
 * run, and names the field that its owner must correct.
 */
export async function resolvePlan(
  agent: Agent,
  stored: ReadonlyMap<string, StoredTool>,
  {
    team = [],
    servers = new Map(),
    budget,
    leaveOut,
  }: {
    team?: Team
    servers?: Servers
    budget: ContentBudget
    /** Receives the tools of MCP servers that the agent cannot have; without it, such an agent is refused. */
    leaveOut?: (tools: string[]) => void
  },
): Promise<Plan> {
  const own: PlanTool[] = []
  const byEntry = new Map<AgentTool, PlanTool[]>()
  const mcp: McpEntry[] = []
  const formats: OutputFormat[] = []
  for (const [i, tool] of agent.tools.entries()) {
    const at = `agent.tools[${i}]`
    if (tool.kind === 'mcp') {
      mcp.push({ entry: tool, server: servers.get(tool.id), path: at })
      continue
    }
    const resolved = resolveTool(tool, { stored, team, path: at })
    if ('kind' in resolved) {
      own.push(resolved)
      byEntry.set(tool, [resolved])
    } else if (formats.push(resolved) > 1) {
      throw invalid(at, 'another tool of this agent says already what its answers must be')
    }
    refuseSameName(own, at)
  }
  // The tools of servers come last, so that the agent's own tools keep their names.
  const capacity = limits.agentTools - own.length
  const taken = own.map(({ name }) => name)
  const found = mcpTools(mcp, { taken, capacity: Math.max(0, capacity) })
  for (const [entry, resolved] of found.tools) byEntry.set(entry, resolved)
  const [leftOut] = found.leftOut
  if (capacity < 0 || (leftOut !== undefined && leaveOut === undefined)) {
    const count = own.length + sizeOf(found.tools) + found.leftOut.length
    throw invalid(
      'agent.tools',
      count > limits.agentTools
        ? `are ${count}: an agent may have ${limits.agentTools}`
        : `have ${leftOut} too often: remove one of its entries`,
    )
  }
  if (found.leftOut.length > 0) leaveOut?.(found.leftOut)
  const tools = agent.tools.flatMap((tool) =>
    (byEntry.get(tool) ?? []).map((each) =>
      needsApproval(agent, tool) ? { ...each, requiresApproval: true } : each,
    ),
  )
  const output = formats[0] ?? (await outputOf(agent, budget))
  const reviewed = tools.some((tool) => tool.requiresApproval === true || asks(tool))
  return {
    v: versionOf(tools),
    agent: { id: agent.id, key: agent.key, version: agent.version },
    ...(await checkedPrompt(agent, budget)),
    engine: agent.engine,
    variables: agent.variables,
    ...(agent.variablesInMessages === true && { variablesInMessages: true }),
    models: [agent.model, ...agent.fallbacks],
    tools,
    ...(output && { output }),
    ...(reviewed && { approval: approvalOf(agent) }),
    maxIterations: agent.maxIterations,
    maxExecutionSeconds: agent.maxExecutionSeconds,
  }
}

function sizeOf(tools: ReadonlyMap<unknown, unknown[]>): number {
  return [...tools.values()].flat().length
}

/** The oldest plan version that supports everything that the tools need. */
function versionOf(tools: PlanTool[]): Plan['v'] {
  if (tools.some((tool) => !knownToAll.has(tool.kind) || asks(tool))) return 3
  return tools.some(({ requiresApproval }) => requiresApproval) ? 2 : 1
}
function asks(tool: PlanTool): boolean {
  return 'onCrash' in tool && tool.onCrash === 'ask'
}

const knownToAll = new Set<PlanTool['kind']>(['function', 'current_date', 'http'])

function approvalOf({ approval = {} }: Agent): Approval {
  const { withinSeconds = limits.approvalSeconds.default, otherwise = 'rejected' } = approval
  return { withinSeconds, otherwise }
}

/** Whether a person must review the tool's calls. A function needs no review: the client that runs it decides. */
function needsApproval({ toolApproval }: Agent, { kind, requiresApproval }: AgentTool): boolean {
  if (kind === 'function' || toolApproval === 'none') return false
  return toolApproval === 'all' || requiresApproval
}

function refuseSameName(tools: PlanTool[], path: string) {
  const last = tools.at(-1)
  if (
    last === undefined ||
    tools.findIndex(({ name }) => name === last.name) === tools.length - 1
  ) {
    return
  }
  throw invalid(path, `another tool of this agent is named ${last.name} already`)
}

/** The output format that the model's parameters set. */
async function outputOf(
  { model }: Agent,
  budget: ContentBudget,
): Promise<OutputFormat | undefined> {
  const output = outputAskedFor(model.parameters)
  const path = 'agent.model.output.schema'
  if (output?.schema !== undefined) await checkSchemasAt([{ path, schema: output.schema }], budget)
  return output
}

/** Each text must be a complete template, so that a tag cannot span two texts. */
async function checkedPrompt(
  agent: Agent,
  budget: ContentBudget,
): Promise<Pick<Plan, 'system' | 'systemParts'>> {
  const { role, description, instructions, systemPrompt: own = '', engine } = agent
  const texts = { role, description, instructions, systemPrompt: own }
  const checked = Object.entries(texts).map(([name, text]) => ({ path: `agent.${name}`, text }))
  await checkTemplates(checked, engine, budget)
  const templates = await systemTemplate(agent, budget)
  const path = own === '' ? 'agent.instructions' : 'agent.systemPrompt'
  await checkTemplates([{ path, text: templates.system }], engine, budget)
  return templates
}
