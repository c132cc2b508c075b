import type { BodyOf } from '../operation.ts'
import type { Request } from '../request/create-request.ts'
import type { CallOptions } from '../request/request-options.ts'
import type { McpServer, NewTool, Tool } from '../types.ts'
import { itemsOf } from './pages.ts'

type Query = { limit?: number; starting_after?: string; ending_before?: string }
const path = '/v2/tools/{tool_id}'
const serverPath = '/v2/mcp-servers/{server_id}'

export function createTools(request: Request) {
  const list = (query: Query = {}, call: CallOptions = {}) =>
    request('get', '/v2/tools', { ...call, query })
  return {
    list,
    all: (call: CallOptions = {}): AsyncGenerator<Tool> =>
      itemsOf(
        (after) =>
          list({ limit: 200, ...(after !== undefined && { starting_after: after }) }, call),
        ({ _id }) => _id,
      ),
    /** A tool by its key or `_id`. */
    get: (id: string, call: CallOptions = {}) =>
      request('get', path, { ...call, path: { tool_id: id } }),
    create: (body: NewTool, call: CallOptions = {}) =>
      request('post', '/v2/tools', { ...call, body }),
    update: (id: string, body: BodyOf<'patch', typeof path>, call: CallOptions = {}) =>
      request('patch', path, { ...call, path: { tool_id: id }, body }),
    delete: (id: string, call: CallOptions = {}) =>
      request('delete', path, { ...call, path: { tool_id: id } }),
    versions: (id: string, query: Query = {}, call: CallOptions = {}) =>
      request('get', `${path}/versions`, { ...call, path: { tool_id: id }, query }),
  }
}

export function createMcpServers(request: Request) {
  const list = (query: Query = {}, call: CallOptions = {}) =>
    request('get', '/v2/mcp-servers', { ...call, query })
  return {
    list,
    all: (call: CallOptions = {}): AsyncGenerator<McpServer> =>
      itemsOf(
        (after) =>
          list({ limit: 200, ...(after !== undefined && { starting_after: after }) }, call),
        ({ id }) => id,
      ),
    get: (id: string, call: CallOptions = {}) =>
      request('get', serverPath, { ...call, path: { server_id: id } }),
    create: (body: BodyOf<'post', '/v2/mcp-servers'>, call: CallOptions = {}) =>
      request('post', '/v2/mcp-servers', { ...call, body }),
    update: (id: string, body: BodyOf<'patch', typeof serverPath>, call: CallOptions = {}) =>
      request('patch', serverPath, { ...call, path: { server_id: id }, body }),
    delete: (id: string, call: CallOptions = {}) =>
      request('delete', serverPath, { ...call, path: { server_id: id } }),
    /** Reads the tools of the server again. */
    sync: (id: string, call: CallOptions = {}) =>
      request('post', '/v2/mcp-servers/{server_id}:sync', { ...call, path: { server_id: id } }),
  }
}
