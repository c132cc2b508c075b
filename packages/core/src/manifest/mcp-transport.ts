import { z } from 'zod'

/** How a server is spoken to: by streamable HTTP, or by the older HTTP with server-sent events. */
export const McpTransport = z.enum(['http', 'sse'])
export type McpTransport = z.infer<typeof McpTransport>
