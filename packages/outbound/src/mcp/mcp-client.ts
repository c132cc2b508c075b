import {
  cutText,
  limits,
  wellFormed,
  type McpClient,
  type McpTarget,
  type McpTool,
  type ReserveCapacity,
} from '@longhaul/core'
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EgressAllow } from '../guard/egress-allow.ts'
import type { Failure } from '../http/failure.ts'
import type { Resolve } from '../dns/names.ts'
import { createGuardedFetch, type GuardedFetch } from './guarded-fetch.ts'
import { resultOf, ToolError, toolOf } from './mcp-shapes.ts'

type Options = { signal: AbortSignal; timeoutMs: number; capacity?: ReserveCapacity }
type Sessions = { allow: EgressAllow; resolve: Resolve }

/** An MCP client with one session for each call, so a server need not keep state between two calls. */
export function createMcpClient(sessions: Sessions): McpClient {
  return {
    async list(target, options) {
      return await inSession(target, { ...sessions, ...options }, listTools)
    },

    async call(target, { tool, arguments: given, key }, options) {
      const how = { ...sessions, ...options, acts: true }
      return await inSession(target, how, async (client, request) => {
        const { CallToolResultSchema, ResultSchema } =
          await import('@modelcontextprotocol/sdk/types.js')
        // Checked before the parts are parsed, since the errors of a wrong part take long to collect.
        const Called = ResultSchema.refine(hasFewParts).pipe(CallToolResultSchema)
        const params = { name: tool, arguments: given, _meta: { 'idempotency-key': key } }
        const call = { method: 'tools/call' as const, params }
        return wellFormed(resultOf(await client.request(call, Called, request())))
      })
    },
  }
}

function hasFewParts({ content }: { [key: string]: unknown }): boolean {
  return !Array.isArray(content) || content.length <= limits.parts
}

/** Reads only the first pages. All of them share the time limit of the session. */
async function listTools(client: Client, how: () => How): Promise<McpTool[]> {
  const { ListToolsResultSchema, ResultSchema } = await import('@modelcontextprotocol/sdk/types.js')
  // Cuts a long list before each item is parsed.
  const Listed = ResultSchema.transform((result) => ({
    ...result,
    tools: Array.isArray(result['tools'])
      ? result['tools'].slice(0, limits.mcpTools)
      : result['tools'],
  })).pipe(ListToolsResultSchema)
  const tools: McpTool[] = []
  let cursor: string | undefined
  let pages = 0
  do {
    const params = cursor === undefined ? {} : { cursor }
    // The client's own `listTools` is not used, since it compiles all schemas that a server sends.
    const page = await client.request({ method: 'tools/list', params }, Listed, how())
    tools.push(...page.tools.map((tool) => wellFormed(toolOf(tool))))
    cursor = page.nextCursor
    pages += 1
  } while (cursor !== undefined && tools.length < limits.mcpTools && pages < limits.mcpPages)
  return tools.slice(0, limits.mcpTools)
}

async function inSession<T>(
  target: McpTarget,
  {
    allow,
    resolve,
    signal,
    timeoutMs,
    capacity,
    acts = false,
  }: Sessions & Options & { acts?: boolean },
  work: (client: Client, how: () => How) => Promise<T>,
): Promise<T> {
  const until = performance.now() + timeoutMs
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted()
    const controller = new AbortController()
    const stop = () => controller.abort(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    const guarded = createGuardedFetch({
      allow,
      resolve,
      maxBytes: limits.mcpBytes,
      maxValues: limits.jsonValues,
      maxRequests: limits.mcpRequests,
      capacity,
      onTooLarge: (failure) => controller.abort(failure),
    })
    const how = (): How => ({
      signal: controller.signal,
      timeout: Math.max(1, Math.round(until - performance.now())),
    })
    const { Client } = await import('@modelcontextprotocol/sdk/client/index.js')
    const client = new Client({ name: 'longhaul', version: '2' })
    let isConnected = false
    try {
      await client.connect(await transportOf(target, guarded), how())
      isConnected = true
      return await work(client, how)
    } catch (error) {
      signal.throwIfAborted()
      const lastFailure = guarded.lastFailure()
      // No call has been sent yet, so a failed connection is made once more.
      const passes = lastFailure?.reason === 'unreachable' || lastFailure?.reason === 'broken'
      if (isConnected || attempt > 1 || !passes)
        throw sessionError(error, { lastFailure, mayHaveActed: acts && isConnected })
    } finally {
      signal.removeEventListener('abort', stop)
      await close(client)
      await guarded.close()
    }
    await sleep(reconnectAfterMs, undefined, { signal }).catch(() => signal.throwIfAborted())
  }
}

type How = { signal: AbortSignal; timeout: number }

/** How long after a failure a connection is made again, milliseconds. */
const reconnectAfterMs = 250

async function transportOf(
  { url, transport, headers }: McpTarget,
  { fetch }: GuardedFetch,
): Promise<Transport> {
  const address = new URL(url)
  const options = { requestInit: { headers }, fetch }
  if (transport === 'sse') {
    const { SSEClientTransport } = await import('@modelcontextprotocol/sdk/client/sse.js')
    return new SSEClientTransport(address, options)
  }
  const { StreamableHTTPClientTransport } =
    await import('@modelcontextprotocol/sdk/client/streamableHttp.js')
  return new StreamableHTTPClientTransport(address, options)
}

/** Ends the session on the server, if the server keeps sessions and answers in time. */
async function close(client: Client): Promise<void> {
  const { transport } = client
  if (transport !== undefined && 'terminateSession' in transport) {
    const end = transport.terminateSession as () => Promise<void>
    await Promise.race([end.call(transport), sleep(endSessionMs, undefined, { ref: false })]).catch(
      () => {},
    )
  }
  await client.close().catch(() => {})
}

/** The time limit for the server to end a session, milliseconds. */
const endSessionMs = 500

/** The error says whether the call may have had an effect, which decides whether it can be repeated. */
function sessionError(
  error: unknown,
  { lastFailure, mayHaveActed }: { lastFailure: Failure | undefined; mayHaveActed: boolean },
): Error {
  const message = (error instanceof Error ? error.message : String(error)).toWellFormed()
  if (error instanceof ToolError) return new Error(message, { cause: error })
  const what = lastFailure?.message ?? (isMisshapen(error) ? misshapen : cutText(message, 1_000))
  return new Error(mayHaveActed ? `${what}; the call may have had its effect` : what, {
    cause: error,
  })
}

/** Whether an answer has the wrong shape: the library's error then lists every field. */
function isMisshapen(error: unknown): boolean {
  if (error instanceof SyntaxError) return true
  return error instanceof Error && 'issues' in error && Array.isArray(error.issues)
}

const misshapen = "the server's answer is not one of MCP"
