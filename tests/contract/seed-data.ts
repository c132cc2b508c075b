import type { Cluster } from '@longhaul/testbed'
import { onTestFinished } from 'vitest'
import { newFunction } from '../support/function-tool.ts'
import { newAgent, newKey } from '../support/new-agent.ts'
import { newMcpServer } from '../support/new-mcp-server.ts'
import { startReceiver } from '../support/receiver.ts'
import { until } from '../support/until.ts'
import type { Pools } from './random-requests.ts'

/** Creates data that requests can name: agents that answer at once, agents to change, and agents to delete. */
export async function createSeedData(cluster: Cluster) {
  const make = async (path: string, given: object) => {
    const { body } = await cluster.call('POST', path, given)
    return { id: String(body['_id']), key: String(body['key']) }
  }
  const agent = () => make('/v2/agents', { ...newAgent(), model: 'demo/instant' })
  const tool = () => make('/v2/tools', { ...newFunction(), key: newKey('tool') })
  const server = async () => {
    // An address that is not allowed, so that no request leaves.
    const given = newMcpServer(newKey('mcp').toLowerCase(), 'http://10.0.0.1/mcp')
    const { body } = await cluster.call('POST', '/v2/mcp-servers', given)
    const { id, key } = body['mcp_server'] as { id: string; key: string }
    return { id, key }
  }
  const servers = [await server(), await server()]
  const [speaker, changed, used] = [await agent(), await agent(), await tool()]
  const [goingAgents, goingTools] = [await many(agent), await many(tool)]
  const goingServers = await many(server)
  const message = { role: 'user', parts: [{ kind: 'text', text: 'Hello.' }] }
  const path = `/v2/agents/${speaker.key}/responses`
  const failing = String((await cluster.call('POST', '/v2/agents', newAgent())).body['key'])
  const failed = await many(() => failedTask(cluster, failing))
  const redriven = await many(() => failedTask(cluster, failing))
  const turns = await many(async () => (await cluster.call('POST', path, { message })).body)
  const tasks = turns.map(({ task_id: task }) => String(task))
  const goingTurns = await many(async () => (await cluster.call('POST', path, { message })).body)

  const goingResponses = await many(async () => {
    return String((await cluster.call('POST', path, { message })).body['_id'])
  })

  const schedules = await many(() => newSchedule(cluster, speaker.key))
  const goingSchedules = await many(() => newSchedule(cluster, speaker.key))
  const reviewed = await reviewedAgent(cluster)
  const waiting = await many(() => waitingTask(cluster, reviewed))

  const { url } = await receiver()
  const endpoint = async (events = ['webhook_endpoint.disabled']) => {
    const given = { name: 'seed', url, event_types: events }
    return String((await cluster.call('POST', '/v1/webhook_endpoints', given)).body['id'])
  }
  const endpoints = [await endpoint(['response.completed'])]
  const [changedEndpoint, ...goingEndpoints] = await Promise.all(
    Array.from({ length: 21 }, () => endpoint()),
  )
  await cluster.call('POST', path, { message })
  const deliveries = await until(() => deliveriesOf(cluster, endpoints[0] ?? ''))

  const pools: Pools = {
    webhook_id: endpoints,
    webhook_endpoint_id: endpoints,
    delivery_id: deliveries,
    agent_key: [speaker.key, speaker.id, `${speaker.key}@1.0.0`],
    tool_id: [used.key, used.id],
    server_id: servers.flatMap(({ id, key }) => [id, key]),
    task_id: tasks,
    schedule_id: schedules,
    response_id: tasks.map((task) => `resp_${task}0001`),
    version_id: ['1.0.0', `${used.id}@1.0.0`],
    starting_after: [speaker.id, used.id, '1.0.0'],
    ending_before: [changed.id, used.id, '9.0.0'],
    include: ['messages'],
    workspace: ['test'],
    cursor: [`1000-${tasks[0]}`, `1000-resp_${tasks[0]}0001:end`],
  }
  const special: Record<string, Pools> = {
    updateAgent: { agent_key: [changed.key] },
    deleteAgent: { agent_key: goingAgents.map(({ key }) => key) },
    deleteResponse: { task_id: goingTurns.map(({ task_id: task }) => String(task)) },
    adminRedrive: { task_id: failed },
    redriveTask: { agent_key: [failing], task_id: redriven },
    // Limits of the workspace of all requests would refuse other requests.
    adminChangeLimits: { workspace: ['limited'] },
    reviewCall: { agent_key: [reviewed], task_id: waiting, tool_call_id: ['c1', 'c1', 'c2'] },
    deleteMcpServer: { server_id: goingServers.map(({ key }) => key) },
    deleteOpenResponse: { response_id: goingResponses.slice(0, 20) },
    deleteRouterResponse: { response_id: goingResponses.slice(20) },
    updateWebhookEndpoint: { webhook_endpoint_id: [changedEndpoint ?? ''] },
    updateWebhook: { webhook_id: [changedEndpoint ?? ''] },
    deleteWebhookEndpoint: { webhook_endpoint_id: goingEndpoints.slice(0, 10) },
    deleteWebhook: { webhook_id: goingEndpoints.slice(10) },
    deleteSchedule: { schedule_id: goingSchedules },
    deleteTool: { tool_id: goingTools.map(({ key }) => key) },
  }
  let last = 0
  return {
    pools: (operationId: string): Pools => ({ ...pools, ...special[operationId] }),
    /** The fields that make a valid body fit the seed data: a free key, an existing task. */
    fresh(operationId: string, body: object): object {
      last += 1
      const stays = last % 4 === 0
      if (!stays && 'key' in body && operationId.startsWith('create')) return { key: `n${last}` }
      if (!stays && /^create(Open|Router)Response$/.test(operationId)) {
        return { model: `agent/${speaker.key}` }
      }
      // Few endpoints want the events of all the turns.
      const none = ['webhook_endpoint.disabled']
      if (!stays && operationId === 'createWebhookEndpoint') return { event_types: none }
      if (!stays && operationId === 'createWebhook') return { _id: `n${last}`, events: none }
      if (!stays && 'task_id' in body) return { task_id: tasks[last % tasks.length] }
      return {}
    },
  }
}

/** Starts a receiver of events, which ends with the test. */
async function receiver(): Promise<{ url: string }> {
  const started = await startReceiver()
  onTestFinished(() => started.close())
  return started
}

/** The deliveries of an endpoint that have arrived, if there are any. */
async function deliveriesOf(cluster: Cluster, id: string): Promise<string[] | undefined> {
  const path = `/v1/webhook_endpoints/${id}/deliveries?status=delivered`
  const found = (await cluster.call('GET', path)).body['data'] as { id: string }[]
  return found.length === 0 ? undefined : found.map((each) => each.id)
}

/** Creates a schedule that fires in years. */
async function newSchedule(cluster: Cluster, agent: string): Promise<string> {
  const { body } = await cluster.call('POST', `/v3/agents/${agent}/schedules`, {
    type: 'once',
    expression: '@at 2090-01-01T00:00:00Z',
    display_name: 'Later',
    payload: { input: 'Hello.' },
  })
  return String(body['_id'])
}

/** Creates an agent whose calls need approval. */
async function reviewedAgent(cluster: Cluster): Promise<string> {
  const settings = { tools: [{ type: 'current_date' }], tool_approval_required: 'all' }
  const { body } = await cluster.call('POST', '/v2/agents', { ...newAgent(), settings })
  return String(body['key'])
}

/** Creates a task whose call waits for approval. */
async function waitingTask(cluster: Cluster, agent: string): Promise<string> {
  const calls = [{ id: 'c1', name: 'current_date', arguments: {} }]
  const text = JSON.stringify({ script: [{ calls }, { text: 'Done.' }] })
  const message = { role: 'user', parts: [{ kind: 'text', text }] }
  const path = `/v2/agents/${agent}/responses`
  const { body } = await cluster.call('POST', path, { message, background: true })
  const task = String(body['task_id'])
  const asked = async () => (await cluster.call('GET', `${path}/${task}/log`)).body['data']
  await until(async () => JSON.stringify(await asked()).includes('review.requested') || undefined)
  return task
}

/** Creates a task that fails, also when it continues. */
async function failedTask(cluster: Cluster, agent: string): Promise<string> {
  const text = JSON.stringify({ script: [{ status: 401 }] })
  const message = { role: 'user', parts: [{ kind: 'text', text }] }
  const { body } = await cluster.call('POST', `/v2/agents/${agent}/responses`, { message })
  return String(body['task_id'])
}

function many<T>(one: () => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: 40 }, one))
}
