import type { BodyOf, QueryOf } from '../operation.ts'
import type { Request } from '../request/create-request.ts'
import type { CallOptions } from '../request/request-options.ts'
import type { Agent, NewAgent } from '../types.ts'
import { itemsOf } from './pages.ts'

const path = '/v2/agents/{agent_key}'
type Query = NonNullable<QueryOf<'get', '/v2/agents'>>

export function createAgents(request: Request) {
  const list = (query: Query = {}, call: CallOptions = {}) =>
    request('get', '/v2/agents', { ...call, query })
  return {
    list,
    all: (call: CallOptions = {}): AsyncGenerator<Agent> =>
      itemsOf(
        (after) =>
          list({ limit: 200, ...(after !== undefined && { starting_after: after }) }, call),
        ({ _id }) => _id,
      ),
    /** An agent by its key; `key@version` names one version. */
    get: (key: string, call: CallOptions = {}) =>
      request('get', path, { ...call, path: { agent_key: key } }),
    create: (body: NewAgent, call: CallOptions = {}) =>
      request('post', '/v2/agents', { ...call, body }),
    update: (key: string, body: BodyOf<'patch', typeof path>, call: CallOptions = {}) =>
      request('patch', path, { ...call, path: { agent_key: key }, body }),
    /** Deletes an agent. Its tasks are cancelled and stay readable, or are deleted. */
    delete: (key: string, { tasks, ...call }: { tasks?: 'cancel' | 'delete' } & CallOptions = {}) =>
      request('delete', path, {
        ...call,
        path: { agent_key: key },
        query: tasks === 'delete' ? { tasks } : {},
      }),
  }
}
