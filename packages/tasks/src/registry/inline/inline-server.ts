import type { ContentBudget } from '@longhaul/content'
import { invalid, LonghaulError, type McpServer, namesSeen } from '@longhaul/core'
import type { ToolEntry } from '../agent-input.ts'
import { canonicalJson } from '../../lib/canonical-json.ts'
import { changeRegistered, refuseLarge } from '../change-registered.ts'
import { type McpServerInput, newServer } from '../new-mcp-server.ts'
import type { PreparePorts } from './inline-ports.ts'

type Options = {
  at: string
  ports: PreparePorts
  stores: (() => Promise<void>)[]
  budget: ContentBudget
}

/** The MCP server that an agent's entry names or defines. A defined one is stored by a function added to `stores`. */
export async function prepareServer(entry: ToolEntry, options: Options): Promise<McpServer> {
  const { key, id, server } = entry
  const { at, ports } = options
  if (server !== undefined) return await define(server, { key, ...options })
  const ref = id ?? key
  if (ref === undefined) throw invalid(at, 'needs the key or the id of an MCP server')
  const found = await ports.servers.get(ports.workspace, ref)
  if (found === undefined) throw invalid(at, `there is no MCP server ${ref}`)
  return found
}

/** A new server, or a new version of the server that has the key. */
async function define(
  input: Omit<McpServerInput, 'key'>,
  { key, at, ports, stores, budget }: Options & { key: string | undefined },
): Promise<McpServer> {
  const { workspace, servers, newId, now, seal } = ports
  if (key === undefined) throw invalid(`${at}.key`, 'is needed to define an MCP server here')
  const existing = await servers.get(workspace, key)
  const server = await newServer(
    { ...input, key },
    {
      id: existing?.id ?? `mcp_${newId()}`,
      workspace,
      now: now(),
      seal,
      budget,
      current: existing?.headers,
      before: existing && { tools: existing.tools, names: namesSeen(existing) },
      at: `${at}.server`,
    },
  )
  const [problem] = server.sync.errors
  if (problem !== undefined) throw invalid(`${at}.server.tools`, problem)
  if (existing === undefined) {
    refuseLarge(server, 'MCP server')
    stores.push(async () => {
      if ((await servers.create(workspace, server)) === 'created') return
      throw new LonghaulError('conflict', `MCP server ${key} was made by somebody else: try again`)
    })
    return server
  }
  const { url, transport, headers, tools, names, sync } = server
  const changed = { ...existing, url, transport, headers, tools, names, sync }
  const same = canonicalJson({ ...changed, sync: 0 }) === canonicalJson({ ...existing, sync: 0 })
  if (same) return existing
  stores.push(async () => {
    await changeRegistered(
      servers,
      { workspace, ref: existing.id },
      {
        what: 'MCP server',
        now,
        change: (present) => ({ ...present, url, transport, headers, tools, names, sync }),
      },
    )
  })
  return changed
}
