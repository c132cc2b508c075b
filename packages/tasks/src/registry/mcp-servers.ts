import { createContentBudget } from '@longhaul/content'
import {
  defined,
  invalid,
  limits,
  type McpClient,
  type McpServer,
  type McpTarget,
  type Registry,
} from '@longhaul/core'
import type { Seal } from '../secrets/seal.ts'
import { changeRegistered } from './change-registered.ts'
import { sorted, unsynced, withTools } from './mcp-catalog.ts'
import type { Versioning } from './next-version.ts'
import { checkServer, type McpServerInput, newServer, sealedHeaders } from './new-mcp-server.ts'
import { type ItemKind, registryVerbs } from './registry-verbs.ts'

export type McpServers = ReturnType<typeof createMcpServers>

/** The changes of a server. The key never changes: one that is sent must equal the current key. */
export type McpServerPatch = {
  [name in keyof Omit<McpServerInput, 'tools'>]?: McpServerInput[name] | undefined
} & Versioning

type Ports = {
  servers: Registry<McpServer>
  /** The client with which a workspace reaches its servers. */
  clientOf: (workspace: string) => McpClient
  newId: () => string
  now: () => number
  seal: Seal
  /** Opens a secret that was sealed in a workspace. */
  open: (sealed: string, workspace: string) => string
  /** Receives every change, since plans that were resolved from the server are then out of date. */
  notifications?: { changed: (workspace: string) => void }
  /** Receives the reasons why tools of a server were left out, or why it could not be asked. */
  unusable?: (found: { workspace: string; serverId: string; errors: string[] }) => void
}

/** The result of a trial call of a tool. */
export type Tried =
  | { ok: true; result: unknown; ms: number }
  | { ok: false; error: string; ms: number }

/** The verbs on MCP servers. `ref` is a key or an id. */
export function createMcpServers(ports: Ports) {
  const { servers, clientOf, newId, now, open, notifications, unusable } = ports
  const changed = (workspace: string) => notifications?.changed(workspace)
  const verbs = registryVerbs(serverKind(ports), { registry: servers, now, changed })

  function targetOf({ url, transport, headers }: McpServer, workspace: string): McpTarget {
    const clear = Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : open(value.sealed, workspace),
    ])
    return { url, transport, headers: Object.fromEntries(clear) as Record<string, string> }
  }

  return {
    ...verbs,

    /** Asks a server for its tools and stores them. When that fails, stores the error and keeps the earlier tools. */
    async sync(workspace: string, ref: string, signal: AbortSignal): Promise<McpServer> {
      const server = await verbs.get(workspace, ref)
      const options = { signal, timeoutMs: limits.mcpSync }
      const reply = await clientOf(workspace)
        .list(targetOf(server, workspace), options)
        .then(
          async (tools) => await sorted(tools, createContentBudget(workspace, { signal })),
          (error: Error) => ({ tools: undefined, errors: [error.message] }),
        )
      const synced = await changeRegistered(
        servers,
        { workspace, ref: server.id },
        {
          what: 'MCP server',
          now,
          change: (current) => withTools(current, { ...reply, at: now() }),
        },
      )
      changed(workspace)
      const { errors } = synced.sync
      if (errors.length > 0) unusable?.({ workspace, serverId: synced.id, errors })
      return synced
    },

    /** Makes one trial call of a tool. */
    async tryTool(
      workspace: string,
      ref: string,
      call: { tool: string; arguments: Record<string, unknown>; signal: AbortSignal },
    ): Promise<Tried> {
      const server = await verbs.get(workspace, ref)
      const { tool, signal } = call
      const began = performance.now()
      const elapsed = () => Math.round(performance.now() - began)
      const target = targetOf(server, workspace)
      return await clientOf(workspace)
        .call(
          target,
          { tool, arguments: call.arguments, key: `try.${newId()}` },
          { signal, timeoutMs: limits.toolTimeout },
        )
        .then(
          ({ result }) => ({ ok: true as const, result, ms: elapsed() }),
          (error: Error) => ({ ok: false as const, error: error.message, ms: elapsed() }),
        )
    },
  }
}

function serverKind({
  newId,
  now,
  seal,
}: Pick<Ports, 'newId' | 'now' | 'seal'>): ItemKind<McpServer, McpServerInput, McpServerPatch> {
  return {
    what: 'MCP server',

    async create(input, { workspace, budget }) {
      const id = `mcp_${newId()}`
      return { item: await newServer(input, { id, workspace, now: now(), seal, budget }) }
    },

    change(patch, { workspace }) {
      const { headers, versionIncrement: _, versionDescription: __, ...fields } = patch
      return (current) => {
        if (fields.key !== undefined && fields.key !== current.key) {
          throw invalid('server.key', `is ${current.key} and cannot be changed`)
        }
        const next = { ...current, ...defined(fields) }
        next.echo = { ...current.echo, ...fields.echo }
        if (headers !== undefined) {
          next.headers = sealedHeaders(headers, { workspace, current: current.headers, seal })
        }
        // The catalog came from another server.
        if (next.url !== current.url) Object.assign(next, unsynced)
        checkServer(next)
        return next
      }
    },
  }
}
