import { z } from 'zod'

/** The transport of a server: streamable HTTP, or the older HTTP with server-sent events. */
export const McpTransport = z.enum(['http', 'sse'])
export type McpTransport = z.infer<typeof McpTransport>
