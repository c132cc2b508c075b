import { checkSchema } from '@longhaul/content'
import {
  type HttpHeader,
  invalid,
  isMcpServerId,
  limits,
  LonghaulError,
  type McpClient,
  type McpServer,
  type McpTarget,
  type McpTool,
  type Page,
  type PageRequest,
  type Registry,
} from '@longhaul/core'
import { alreadyExists, changeRegistered, notFound, refuseLarge } from './change-registered.ts'
import { checkHeaders, checkUrl } from './check-http.ts'
import { given } from './given.ts'
import { firstVersion } from './next-version.ts'
import type { Seal } from './seal.ts'
import { sealHeaders } from './seal-headers.ts'
import type { HeaderInput } from './tool-input.ts'

export type McpServers = ReturnType<typeof createMcpServers>

/** What a caller says a server shall be, its secrets in clear. `tools` are those of a caller that knows them. */
export type McpServerInput = Pick<
  McpServer,
  'key' | 'displayName' | 'description' | 'url' | 'transport' | 'exposure' | 'echo'
> & { headers: Record<string, HeaderInput>; tools?: McpTool[] }

/** What shall change; the key never does, and is given only to be held against it. */
export type McpServerPatch = {
  [name in keyof Omit<McpServerInput, 'tools'>]?: McpServerInput[name] | undefined
}

type Ports = {
  servers: Registry<McpServer>
  client: McpClient
  newId: () => string
  now: () => number
  seal: Seal
  /** Opens what was sealed in a workspace. */
  open: (sealed: string, workspace: string) => string
  /** Told of every change: what was resolved from a server is then out of date. */
  hints?: { changed: (workspace: string) => void }
}

/** How a call of a tool went that somebody wanted to try. */
export type Tried =
  | { ok: true; result: unknown; ms: number }
  | { ok: false; error: string; ms: number }

/** The verbs on MCP servers. `ref` is a key or an id. */
export function createMcpServers({ servers, client, newId, now, seal, open, hints }: Ports) {
  async function get(workspace: string, ref: string): Promise<McpServer> {
    const server = await servers.get(workspace, ref)
    if (server === undefined) throw notFound('MCP server', ref)
    return server
  }

  function targetOf({ url, transport, headers }: McpServer, workspace: string): McpTarget {
    const clear = Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : open(value.sealed, workspace),
    ])
    return { url, transport, headers: Object.fromEntries(clear) as Record<string, string> }
  }

  return {
    get,

    async create(workspace: string, input: McpServerInput): Promise<McpServer> {
      const server = newServer(input, { id: `mcp_${newId()}`, workspace, now: now(), seal })
      refuseLarge(server, 'MCP server')
      const outcome = await servers.create(workspace, server)
      if (outcome === 'taken') throw alreadyExists('MCP server', server.key)
      hints?.changed(workspace)
      return server
    },

    async update(workspace: string, ref: string, patch: McpServerPatch): Promise<McpServer> {
      const { headers, ...fields } = patch
      const changed = await changeRegistered(
        servers,
        { workspace, ref },
        {
          what: 'MCP server',
          now,
          change(current) {
            if (fields.key !== undefined && fields.key !== current.key) {
              throw invalid('key', `is ${current.key} and cannot be changed`)
            }
            const next = { ...current, ...given(fields) }
            next.echo = { ...current.echo, ...fields.echo }
            if (headers !== undefined) {
              next.headers = sealedHeaders(headers, { workspace, current: current.headers, seal })
            }
            // What it has told was told by another server.
            if (next.url !== current.url) Object.assign(next, unsynced)
            checkServer(next)
            return next
          },
        },
      )
      hints?.changed(workspace)
      return changed
    },

    async remove(workspace: string, ref: string): Promise<void> {
      const { id } = await get(workspace, ref)
      // Gone already is as good: this may be the repeat of a removal whose reply was lost.
      await servers.remove(workspace, id)
      hints?.changed(workspace)
    },

    list: (workspace: string, page: PageRequest): Promise<Page<McpServer>> =>
      servers.list(workspace, page),

    /** Asks a server for its tools and keeps them; when that fails, why, and those that it had. */
    async sync(workspace: string, ref: string, signal: AbortSignal): Promise<McpServer> {
      const asked = await get(workspace, ref)
      const options = { signal, timeoutMs: limits.mcpSync }
      const told = await client
        .list(targetOf(asked, workspace), options)
        .then(sorted, (error: Error) => ({ tools: undefined, errors: [error.message] }))
      const synced = await changeRegistered(
        servers,
        { workspace, ref: asked.id },
        {
          what: 'MCP server',
          now,
          change: (current) => withTools(current, { ...told, at: now() }),
        },
      )
      hints?.changed(workspace)
      return synced
    },

    /** Makes one call of a tool, for somebody to see what comes. */
    async tryTool(
      workspace: string,
      ref: string,
      call: { tool: string; arguments: Record<string, unknown>; signal: AbortSignal },
    ): Promise<Tried> {
      const server = await get(workspace, ref)
      const { tool, signal } = call
      const began = performance.now()
      const elapsed = () => Math.round(performance.now() - began)
      const target = targetOf(server, workspace)
      return await client
        .call(
          target,
          { tool, arguments: call.arguments, key: `try.${newId()}` },
          { signal, timeoutMs: limits.toolTimeout },
        )
        .then(
          (result) => ({ ok: true as const, result, ms: elapsed() }),
          (error: Error) => ({ ok: false as const, error: error.message, ms: elapsed() }),
        )
    },
  }
}

const unsynced = {
  tools: [],
  sync: { status: 'pending' as const, added: 0, removed: 0, errors: [] },
}

/** A server in its first version. Rejects with invalid, naming the field. */
export function newServer(
  { headers, tools, ...input }: McpServerInput,
  { id, workspace, now, seal, at = '' }: NewServer,
): McpServer {
  const server: McpServer = {
    ...input,
    headers: sealedHeaders(headers, { workspace, current: {}, seal, at }),
    id,
    version: firstVersion,
    createdAt: now,
    updatedAt: now,
    ...unsynced,
  }
  checkServer(server, at)
  return tools === undefined ? server : withTools(server, { ...sorted(tools), at: now })
}

type NewServer = { id: string; workspace: string; now: number; seal: Seal; at?: string }

function sealedHeaders(
  headers: Record<string, HeaderInput>,
  options: { workspace: string; current: Record<string, HttpHeader>; seal: Seal; at?: string },
): Record<string, HttpHeader> {
  const pathOf = (name: string) => `${options.at ?? ''}auth.static_headers.${name}`
  checkHeaders(headers, pathOf)
  return sealHeaders(headers, { ...options, pathOf })
}

function checkServer({ key, url }: McpServer, at = '') {
  if (isMcpServerId(key)) throw invalid(`${at}key`, 'has the form of the id of an MCP server')
  const path = `${at}connection.url`
  if (url.includes('{{')) throw invalid(path, 'must have no placeholder')
  checkUrl(url, path)
}

/** The tools that can be used, and why the others cannot. */
function sorted(told: McpTool[]): { tools: McpTool[]; errors: string[] } {
  const tools = new Map<string, McpTool>()
  const errors: string[] = []
  for (const tool of told) {
    const problem = whyUnusable(tool) ?? (tools.has(tool.name) ? 'is there twice' : undefined)
    if (problem === undefined) tools.set(tool.name, tool)
    else errors.push(`the tool ${JSON.stringify(tool.name.slice(0, 100))} ${problem}`)
  }
  return { tools: [...tools.values()], errors: errors.slice(0, limits.listPage) }
}

function whyUnusable({ name, inputSchema }: McpTool): string | undefined {
  if (name === '' || name.length > 256) return 'has a name that cannot be used'
  const [problem] = checkSchema(inputSchema)
  return problem && `has a schema that cannot be used: ${problem.message}`
}

function withTools(
  server: McpServer,
  { tools, errors, at }: { tools: McpTool[] | undefined; errors: string[]; at: number },
): McpServer {
  if (tools === undefined) {
    return {
      ...server,
      sync: { ...server.sync, status: 'failed', added: 0, removed: 0, at, errors },
    }
  }
  const had = new Set(server.tools.map(({ name }) => name))
  const added = tools.filter(({ name }) => !had.has(name)).length
  const removed = had.size - (tools.length - added)
  const next = { ...server, tools, sync: { status: 'synced' as const, added, removed, at, errors } }
  const size = JSON.stringify(next).length
  if (size <= limits.definition) return next
  throw new LonghaulError(
    'too_large',
    `the tools of ${server.key} are larger than is kept: ${size} bytes`,
  )
}
