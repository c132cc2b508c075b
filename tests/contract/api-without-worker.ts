import { connect } from '@longhaul/redis'
import { startCluster, test as base } from '@longhaul/testbed'
import { newMcpServer } from '../support/new-mcp-server.ts'
import { newAgent, newKey } from '../support/new-agent.ts'
import { until } from '../support/until.ts'
import { contentOf } from './redis-content.ts'
import { type Operation, readOpenApiOperations } from './openapi-document.ts'

/** An API without a worker, so that only requests write to its Redis. */
export const test = base
  .extend('cluster', { scope: 'file' }, async ({ redisUrl }, { onCleanup }) => {
    const env = { LONGHAUL_SECRET_KEY: Buffer.alloc(32, 7).toString('base64') }
    const cluster = await startCluster({ redisUrl, workers: 0, env })
    onCleanup(() => cluster.kill())
    return cluster
  })
  .extend('content', { scope: 'file' }, async ({ redisUrl }, { onCleanup }) => {
    const redis = connect(redisUrl, { role: 'requests', onError: () => {} })
    onCleanup(() => redis.disconnect())
    return () => contentOf(redis)
  })
  .extend('operations', { scope: 'file' }, ({ cluster }) => readOpenApiOperations(cluster.url))
  /** Names for the paths: an agent, and a tool of each type. Everything is written when they are there. */
  .extend('names', { scope: 'file' }, async ({ cluster, content }) => {
    const names = {
      agent_key: newKey('agent'),
      task_id: 'none',
      response_id: 'none',
      version_id: '1.0.0',
      tool_call_id: 'none',
      workspace: 'limited',
      delivery_id: 'none',
      server_id: newKey('server').toLowerCase(),
    }
    await cluster.call('POST', '/v2/agents', { ...newAgent(), key: names.agent_key })
    await cluster.call('POST', '/v2/mcp-servers', newMcpServer(names.server_id))
    const endpoint = await cluster.call('POST', '/v1/webhook_endpoints', {
      name: 'named',
      // It does not exist, so that no request leaves.
      url: 'https://shop.example/events',
      event_types: ['response.failed'],
    })
    const webhook = String(endpoint.body['id'])
    const schedules = `/v3/agents/${names.agent_key}/schedules`
    const { body: schedule } = await cluster.call('POST', schedules, dailySchedule)
    const tools: Record<string, string> = {}
    for (const [type, block] of Object.entries(blocks)) {
      const key = newKey('tool')
      tools[type] = key
      await cluster.call('POST', '/v2/tools', { key, type, path: 'a', description: 'b', ...block })
    }
    // Notifications of changes are sent after the reply.
    const changes = 2 + Object.keys(tools).length
    await until(async () => {
      const notified = JSON.parse((await content())['{lh:s0}:wake'] ?? '[]') as unknown[]
      return notified.length === changes || undefined
    })
    return (body?: unknown) => ({
      ...names,
      webhook_id: webhook,
      webhook_endpoint_id: webhook,
      schedule_id: String(schedule['_id']),
      tool_id: tools[typeOf(body) ?? ''] ?? tools['function'] ?? '',
    })
  })

const dailySchedule = {
  type: 'cron',
  expression: '0 9 * * *',
  display_name: 'Daily',
  payload: { input: 'Hello.' },
}

const blocks = {
  function: { function: { name: 'a_function' } },
  http: { http: { blueprint: { url: 'https://example.com', method: 'GET' } } },
  code: { code_tool: { language: 'python', code: 'result = 1' } },
  json_schema: {
    json_schema: { name: 'form', description: 'A form.', schema: { type: 'object' } },
  },
}

function typeOf(body: unknown): string | undefined {
  return typeof body === 'object' && body !== null && 'type' in body ? String(body.type) : undefined
}

/** The path of an operation with these names filled in. */
export function fill({ path }: Operation, names: Record<string, string>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => names[name] ?? '')
}
