import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A call as the MCP server received it. */
export type McpCall = {
  name: string
  arguments: Record<string, unknown>
  meta: Record<string, unknown>
  headers: IncomingHttpHeaders
  /** The client has cancelled it, or disconnected. */
  cancelled: boolean
}

export type McpTestServer = {
  /** Streamable HTTP at `/mcp`, the older transport at `/sse`. */
  url: string
  calls: McpCall[]
  /** Sets its tools, and how many of them each page of the list has. */
  setTools(tools: Partial<Tool>[], pageSize?: number): void
  /** Makes its list of tools endless: every page is the same and names a next one. */
  listForever(): void
  /** The number of requested pages of its list. */
  pages(): number
  /** Sets its answer. With `undefined` it never answers. */
  answer(result: (call: McpCall) => CallToolResult | undefined | Promise<CallToolResult>): void
  /** Answers the next requests with these replies, before the MCP library handles them. */
  failNext(times: number, status: number | 'reset'): void
  close(): Promise<void>
}

const echo: Tool = {
  name: 'echo',
  description: 'Says it again.',
  inputSchema: {
    type: 'object',
    properties: { text: { type: 'string' } },
    required: ['text'],
  },
}

type Answer = Parameters<McpTestServer['answer']>[0]

const echoArguments: Answer = ({ arguments: { text } }) => ({
  content: [{ type: 'text', text: String(text) }],
})

/** An MCP server with the reference library. Its tool echoes its arguments. */
export async function startMcpServer(): Promise<McpTestServer> {
  const calls: McpCall[] = []
  let tools: Tool[] = [echo]
  let pageSize = 100
  let isEndless = false
  let pages = 0
  let result = echoArguments
  let failures = 0
  let failure: number | 'reset' = 500
  const streams = new Map<string, SSEServerTransport>()

  function serverFor(headers: IncomingHttpHeaders): Server {
    const server = new Server({ name: 'test', version: '1' }, { capabilities: { tools: {} } })
    server.setRequestHandler(ListToolsRequestSchema, ({ params }) => {
      pages += 1
      if (isEndless) return { tools: [], nextCursor: String(pages) }
      const from = Number(params?.cursor ?? 0)
      const next = from + pageSize
      return {
        tools: tools.slice(from, next),
        ...(next < tools.length && { nextCursor: String(next) }),
      }
    })
    server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }) => {
      const { name, arguments: given = {}, _meta: meta = {} } = params
      const call: McpCall = { name, arguments: given, meta, headers, cancelled: false }
      signal.addEventListener('abort', () => {
        call.cancelled = true
      })
      calls.push(call)
      return (await result(call)) ?? (await new Promise<never>(() => {}))
    })
    return server
  }

  const http = createServer((request, response) => {
    void (async () => {
      if (failures > 0) {
        failures -= 1
        if (failure === 'reset') request.socket.destroy()
        else response.writeHead(failure).end('no')
        return
      }
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://x')
      if (pathname === '/sse') {
        const transport = new SSEServerTransport('/messages', response)
        streams.set(transport.sessionId, transport)
        await serverFor(request.headers).connect(transport)
      } else if (pathname === '/messages') {
        await streams.get(searchParams.get('sessionId') ?? '')?.handlePostMessage(request, response)
      } else {
        // Stateless: without sessions, each request has a transport of its own.
        const transport = new StreamableHTTPServerTransport({})
        response.on('close', () => void transport.close())
        await serverFor(request.headers).connect(transport)
        await transport.handleRequest(request, response)
      }
    })().catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve)
  })
  const { port } = http.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    listForever() {
      isEndless = true
    },
    pages: () => pages,
    setTools(more, size = 100) {
      tools = more.map((tool) => ({ ...echo, ...tool }))
      pageSize = size
    },
    answer(next) {
      result = next
    },
    failNext(times, how) {
      failures = times
      failure = how
    },
    async close() {
      http.closeAllConnections()
      await new Promise((resolve) => {
        http.close(resolve)
      })
    },
  }
}
