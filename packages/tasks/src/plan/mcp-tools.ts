import {
  cutText,
  type AgentTool,
  inOrder,
  invalid,
  limits,
  mcpNames,
  namesSeen,
  type McpServer,
  type McpTool,
  type NamedTool,
  type PlanTool,
  whyNotExposed,
} from '@longhaul/core'
import { withoutSecrets } from '../secrets/without-secrets.ts'

/** An agent's entry for tools of an MCP server. */
export type McpEntry = {
  entry: AgentTool
  /** Undefined when the server is deleted. */
  server: McpServer | undefined
  /** The path of the entry in the caller's input. */
  path: string
}

type Options = {
  /** The names of the agent's other tools. */
  taken: string[]
  /** How many tools the agent may still have. */
  capacity: number
}

/**
 * Resolves an agent's entries to tools of MCP servers, as the servers describe them, by entry. Also returns the tools
 * that the agent cannot have, since there is no free name or too many tools; the newest tools are left out.
 */
export function mcpTools(
  entries: McpEntry[],
  { taken, capacity }: Options,
): { tools: Map<AgentTool, PlanTool[]>; leftOut: string[] } {
  const tools = new Map(entries.map(({ entry }) => [entry, [] as PlanTool[]]))
  const candidates = entries.flatMap(candidatesOf)
  const names = mcpNames(candidates, taken)
  const offered = candidates.filter(({ tool }) => tool !== undefined)
  const chosen = new Set(inOrder(offered.filter((each) => names.has(each))).slice(0, capacity))
  for (const each of chosen) {
    const name = names.get(each)
    if (each.tool === undefined || name === undefined) continue
    tools.get(each.entry)?.push(planTool(each.tool, { ...each, called: name }))
  }
  const leftOut = offered.filter((each) => !chosen.has(each))
  return { tools, leftOut: leftOut.map(({ server, name }) => `${server}/${name.slice(0, 100)}`) }
}

/**
 * The names under which models see a server's tools, by the server's names, unless another tool of the agent has one.
 */
export function mcpNamesOf(server: McpServer): Map<string, string> {
  const names = mcpNames(exposedBy(server).map((each) => ({ ...each, server: server.key })))
  return new Map([...names].flatMap(([{ tool, name }, called]) => (tool ? [[name, called]] : [])))
}

type Candidate = NamedTool & Seen & { entry: AgentTool; of: McpServer }

function candidatesOf({ entry, server: of, path }: McpEntry): Candidate[] {
  const called = entry.key === undefined ? entry.id : `${entry.key} (${entry.id})`
  if (of === undefined) throw invalid(path, `the MCP server ${called} does not exist any more`)
  const own = { entry, of, server: of.key }
  const found = entry.tool === undefined ? exposedBy(of) : [named(entry.tool, of, path)]
  return found.map((each) => ({ ...own, ...each }))
}

/** `tool` is undefined when the server no longer has it: its name stays taken, so that no other tool is renamed. */
type Seen = { name: string; since: number; tool?: McpTool }

function exposedBy(server: McpServer): Seen[] {
  const tools = new Map(server.tools.map((tool) => [tool.name, tool]))
  return namesSeen(server).flatMap((each) => {
    const tool = tools.get(each.name)
    if (tool === undefined) return [each]
    return whyNotExposed(server, tool) === undefined ? [{ ...each, tool }] : []
  })
}

function named(name: string, server: McpServer, path: string): Seen {
  const tool = server.tools.find((each) => each.name === name)
  const at = `${path}.tool`
  if (tool === undefined) {
    const known = cutText(server.tools.map((each) => each.name).join(', '), 1_000)
    const hint = known === '' ? 'no tools yet: sync it first' : `these: ${known}`
    throw invalid(
      at,
      `the MCP server ${server.key} has no tool ${cutText(name, 100)}; it has ${hint}`,
    )
  }
  const problem = whyNotExposed(server, tool)
  if (problem !== undefined) throw invalid(at, `the tool ${name} cannot be had: ${problem}`)
  const { since = 0 } = namesSeen(server).find((each) => each.name === name) ?? {}
  return { name, since, tool }
}

function planTool(
  { name, title, description, inputSchema, annotations = {} }: McpTool,
  { of, entry, called }: Candidate & { called: string },
): PlanTool {
  const { id, url, transport, headers } = of
  const repeats = annotations.readOnly === true || annotations.idempotent === true
  return {
    kind: 'mcp',
    id: `${id}/${name}`,
    name: called,
    ...(title !== undefined && { displayName: title }),
    description: description === '' ? (title ?? name) : description,
    parameters: inputSchema,
    server: { id, url, transport, headers: withoutSecrets(headers) },
    tool: name,
    timeoutSeconds: entry.timeoutSeconds ?? limits.toolTimeout / 1_000,
    onCrash: entry.onCrash ?? (repeats ? 'retry' : 'fail'),
  }
}
