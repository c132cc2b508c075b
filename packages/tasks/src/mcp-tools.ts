import {
  cutText,
  type AgentTool,
  invalid,
  limits,
  type McpServer,
  type McpTool,
  type PlanTool,
  whyNotExposed,
} from '@longhaul/core'
import { withoutSecrets } from './without-secrets.ts'

type Options = {
  /** Undefined when it is gone. */
  server: McpServer | undefined
  /** Those that the agent has already, whose names are taken. */
  tools: PlanTool[]
  /** Where the entry stands in the body. */
  path: string
}

/** The tools of an MCP server that an agent's entry means, as the server has described them. */
export function mcpTools(entry: AgentTool, { server, tools, path }: Options): PlanTool[] {
  const called = entry.key === undefined ? entry.id : `${entry.key} (${entry.id})`
  if (server === undefined) throw invalid(path, `the MCP server ${called} does not exist any more`)
  const taken = new Set(tools.map(({ name }) => name))
  return meant(entry, server, path).map((tool) => {
    const resolved = planTool(tool, { server, entry, taken })
    taken.add(resolved.name)
    return resolved
  })
}

function meant({ tool: name }: AgentTool, server: McpServer, path: string): McpTool[] {
  if (name === undefined)
    return server.tools.filter((tool) => whyNotExposed(server, tool) === undefined)
  const tool = server.tools.find((each) => each.name === name)
  const at = `${path}.tool_id`
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
  return [tool]
}

function planTool(
  { name, title, description, inputSchema, annotations = {} }: McpTool,
  { server, entry, taken }: { server: McpServer; entry: AgentTool; taken: ReadonlySet<string> },
): PlanTool {
  const { id, url, transport, headers } = server
  const repeats = annotations.readOnly === true || annotations.idempotent === true
  return {
    kind: 'mcp',
    id: `${id}/${name}`,
    name: nameFor(name, server, taken),
    ...(title !== undefined && { displayName: title }),
    description: description === '' ? (title ?? name) : description,
    parameters: inputSchema,
    server: { id, url, transport, headers: withoutSecrets(headers) },
    tool: name,
    timeoutSeconds: entry.timeoutSeconds ?? limits.toolTimeout / 1_000,
    onCrash: entry.onCrash ?? (repeats ? 'retry' : 'fail'),
  }
}

/** As models may call it: its own name, or with its server's key before it where another tool has that. */
function nameFor(name: string, { key }: McpServer, taken: ReadonlySet<string>): string {
  const plain = usable(name)
  return taken.has(plain) ? usable(`${key}_${name}`) : plain
}

function usable(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 64)
}
