import { taskKeys } from '@longhaul/redis'
import { keysOf, openRedis } from '@longhaul/testbed'
import { describe, expect } from 'vitest'
import { agentWithFunction } from '../../support/function-tool.ts'
import { newAgent } from '../../support/new-agent.ts'
import { scripted, test as base } from '../../support/openai-test.ts'
import { ask, results, script, textOf, user } from '../../support/orq-requests.ts'
import { until } from '../../support/until.ts'

/** Its own connection: the usual one begins with an empty Redis. */
const test = base.extend('kept', { scope: 'file' }, ({ cluster }, { onCleanup }) => {
  const redis = openRedis(cluster.redisUrl)
  onCleanup(() => redis.disconnect())
  return redis
})

type Body = Record<string, unknown>

/** The task of a response. */
function taskOf(id: string): string {
  return id.slice('resp_'.length, -4)
}

describe('a task that was begun in one dialect', () => {
  test('is read in the other', async ({ orq, openai, agent, cluster }) => {
    const path = `/v2/agents/${agent}/responses`
    const inOrq = await ask(orq, agent, script({ reasoning: 'Hm.', text: 'Yes.' }))
    const asOpen = await openai.responses.retrieve(inOrq.id)
    expect(asOpen).toMatchObject({
      object: 'response',
      status: 'completed',
      model: 'openai/scripted',
      output_text: 'Yes.',
      background: true,
      output: [{ type: 'reasoning' }, { type: 'message' }],
    })
    expect((await cluster.call('GET', `${path}/${inOrq.id}?format=openai`)).body).toMatchObject({
      id: inOrq.id,
      object: 'response',
    })
    expect((await cluster.call('GET', `${path}/${inOrq.taskId}?format=openai`)).body).toMatchObject(
      {
        id: inOrq.id,
      },
    )
    const stream = await openai.responses.retrieve(inOrq.id, { stream: true })
    const types: string[] = []
    for await (const { type } of stream) types.push(type)
    expect([types[0], types.at(-1)]).toEqual(['response.created', 'response.completed'])

    const inOpen = await openai.responses.create({ model: `agent/${agent}`, input: 'Hi' })
    const task = taskOf(inOpen.id)
    // By its own id a response is in its own dialect, a task is orq's.
    expect((await cluster.call('GET', `${path}/${inOpen.id}`)).body).toMatchObject({
      id: inOpen.id,
    })
    for (const url of [
      `${path}/${task}`,
      `${path}/${inOpen.id}?format=orq`,
      `/v1/responses/${inOpen.id}?format=orq`,
      `/v3/router/responses/${inOpen.id}?format=orq`,
    ]) {
      const { body } = await cluster.call('GET', url)
      expect([url, body]).toMatchObject([
        url,
        { _id: inOpen.id, task_id: task, status: 'completed' },
      ])
    }
    const read = await orq.agents.responses.get({ agentKey: agent, taskId: task })
    expect(textOf(read)).toBe('You said: Hi')
    const { status, body } = await cluster.call('GET', `${path}/${task}?stream=true`)
    expect([status, body]).toMatchObject([400, { errors: [{ path: 'stream' }] }])
  })

  test('continues in the other', async ({ orq, openai, cluster }) => {
    const agent = await agentWithFunction(orq)
    const calls = [{ id: 'c1', name: 'get_weather', arguments: { city: 'Bern' } }]
    const first = await ask(orq, agent, script({ calls }, { text: 'Cold.' }))
    const second = await openai.responses.create({
      model: `agent/${agent}`,
      previous_response_id: first.id,
      input: [{ type: 'function_call_output', call_id: 'c1', output: '3 degrees' }],
    })
    expect(second).toMatchObject({ output_text: 'Cold.', id: `resp_${first.taskId}0002` })
    const third = await ask(orq, agent, { taskId: first.taskId, ...user('Thanks') })
    expect(textOf(third)).toBe('You said: Thanks')
    const fourth = await openai.responses.create({
      model: `agent/${agent}`,
      previous_response_id: third.id,
      input: scripted({ calls: [{ ...calls[0], id: 'c2', name: 'get_weather' }] }, { text: 'Hm.' }),
    })
    expect(fourth.output).toMatchObject([{ type: 'function_call', call_id: 'c2' }])
    const fifth = await ask(orq, agent, { taskId: first.taskId, ...results({ c2: 4 }) })
    expect(textOf(fifth)).toBe('Hm.')
    const roles = (cluster.model.requests.at(-1)?.body.messages ?? []).map(({ role }) => role)
    expect(roles.filter((role) => role === 'tool')).toHaveLength(2)
  })

  test('has the first request in its log and its exchange', async ({ openai, agent, cluster }) => {
    const made = await openai.responses.create({
      model: `agent/${agent}`,
      input: [
        { role: 'developer', content: 'Softly.' },
        { role: 'user', content: 'One' },
        { type: 'function_call', call_id: 'c', name: 'f', arguments: '{"a":1}' },
        { type: 'function_call_output', call_id: 'c', output: 'x' },
        { role: 'user', content: 'Two' },
      ],
    })
    const path = `/v2/agents/${agent}/responses/${taskOf(made.id)}`
    const { body: task } = await cluster.call('GET', `${path}?include=messages`)
    expect((task['output'] as { role: string }[]).map(({ role }) => role)).toEqual([
      'agent',
      'user',
      'agent',
      'tool',
      'user',
      'agent',
    ])
    const { body: log } = await cluster.call('GET', `${path}/log`)
    expect((log['data'] as Body[])[0]).toMatchObject({
      type: 'turn.started',
      asked: { dialect: 'openai', model: `agent/${agent}` },
      before: [{ role: 'system' }, { role: 'user' }, { role: 'agent' }, { role: 'tool' }],
    })
  })
})

test('a model’s answer without an agent is in the list of all tasks', async ({
  openai,
  cluster,
}) => {
  const made = await openai.responses.create({ model: 'openai/scripted', input: 'Hi' })
  const { body } = await cluster.call('GET', '/v2/responses?limit=1')
  const [task] = body['data'] as Body[]
  expect(task).toMatchObject({ _id: made.id, status: 'completed' })
  expect(task).not.toHaveProperty('agent_key')
})

test('a response that waits for an approval is in progress, and continues after it', async ({
  openai,
  orq,
  cluster,
}) => {
  const settings = {
    tools: [{ type: 'current_date' as const }],
    toolApprovalRequired: 'all' as const,
  }
  const { key } = await orq.agents.create({ ...newAgent(), settings })
  const calls = ['a', 'b'].map((id) => ({ id, name: 'current_date', arguments: {} }))
  const { id } = await openai.responses.create({
    model: `agent/${key}`,
    background: true,
    input: scripted({ calls }, { text: 'Done.' }),
  })
  const path = `/v2/agents/${key}/responses/${id}`
  const readLog = async () =>
    JSON.stringify((await cluster.call('GET', `${path}/log`)).body['data'])
  await until(async () => (await readLog()).includes('turn.parked') || undefined)
  expect(await openai.responses.retrieve(id)).toMatchObject({ status: 'in_progress', output: [] })
  await cluster.call('POST', `${path}/reviews/a`, { review: 'approved' })
  await cluster.call('POST', `${path}/reviews/b`, { review: 'rejected', reason: 'No need.' })
  const { output, status } = await until(async () => {
    const now = await openai.responses.retrieve(id)
    return now.status === 'in_progress' ? undefined : now
  })
  expect(status).toBe('completed')
  const calling = output.filter((item) => item.type === 'mcp_call')
  expect(new Set(calling.map(({ status: end }) => end))).toEqual(new Set(['completed', 'failed']))
  expect(JSON.stringify(output)).toContain('No need.')
})

test('a redriven response stays a response of the same dialect', async ({
  openai,
  agent,
  cluster,
}) => {
  cluster.model.reply({ status: 401, body: 'no' })
  const failed = await openai.responses.create({
    model: `agent/${agent}`,
    background: true,
    metadata: { a: 'b' },
    input: 'Hi',
  })
  await until(async () => {
    const { status } = await openai.responses.retrieve(failed.id)
    return status === 'failed' || undefined
  })
  const { status } = await cluster.call('POST', `/v2/admin/tasks/${taskOf(failed.id)}/redrive`)
  expect(status).toBeLessThan(300)
  const id = `resp_${taskOf(failed.id)}0002`
  const path = `/v2/agents/${agent}/responses/${id}?wait=10`
  expect((await cluster.call('GET', path)).body).toMatchObject({
    id,
    object: 'response',
    status: 'completed',
    model: `agent/${agent}`,
    metadata: { a: 'b' },
  })
})

describe('a response with store: false', () => {
  test('is purged ten minutes after its end, and nothing else with it', async ({
    openai,
    agent,
    kept: redis,
  }) => {
    const model = `agent/${agent}`
    const due = async (id: string) => {
      const score = await redis.zscore(taskKeys(taskOf(id)).purges, taskOf(id))
      return Math.round((Number(score) - Date.now()) / 60_000)
    }
    const passing = await openai.responses.create({ model, input: 'One', store: false })
    expect(await due(passing.id)).toBe(10)
    // It can be continued until then, and a stored continuation keeps it.
    const next = { model, previous_response_id: passing.id }
    const again = await openai.responses.create({ ...next, store: false, input: 'Two' })
    expect(taskOf(again.id)).toBe(taskOf(passing.id))
    const kept = await openai.responses.create({ ...next, input: 'Three' })
    expect(taskOf(kept.id)).not.toBe(taskOf(passing.id))
    expect(await due(kept.id)).toBeGreaterThan(20 * 24 * 60)
    const aside = await openai.responses.create({
      model,
      previous_response_id: kept.id,
      store: false,
      input: 'Four',
    })
    expect([await due(aside.id), taskOf(aside.id) === taskOf(kept.id)]).toEqual([10, false])
    expect(await due(kept.id)).toBeGreaterThan(20 * 24 * 60)
  })
})

describe('requests with an idempotency key', () => {
  test.for([
    ['Codex', { 'user-agent': 'codex_exec/0.171.0', 'x-codex-turn-metadata': '{"turn_id":"t1"}' }],
    ['opencode', { 'user-agent': 'opencode/1.18.33', 'x-session-id': 'ses_1' }],
  ] as const)(
    'are those that a client repeats by itself: %s',
    async ([name, headers], { openai, agent, cluster }) => {
      const send = async (input: string) => {
        const body = { model: `agent/${agent}`, input, stream: true as const }
        const ids: string[] = []
        for await (const event of await openai.responses.create(body, { headers }))
          if (event.type === 'response.completed') ids.push(event.response.id)
        return ids
      }
      const first = await send(`Once for ${name}`)
      expect(first).toHaveLength(1)
      expect(await send(`Once for ${name}`)).toEqual(first)
      expect(await send(`Twice for ${name}`)).not.toEqual(first)
      const asked = cluster.model.requests.filter(({ body }) =>
        String(body.messages?.at(-1)?.content).endsWith(` for ${name}`),
      )
      expect(asked).toHaveLength(2)
    },
  )

  test('have one response each, also when several continue the same one at once', async ({
    openai,
    agent,
    cluster,
  }) => {
    const model = `agent/${agent}`
    const root = await openai.responses.create({ model, input: 'Root' })
    const send = (key: string) =>
      openai.responses.create(
        { model, input: key, previous_response_id: root.id },
        { headers: { 'idempotency-key': `${agent}-${key}` } },
      )
    const keys = ['a', 'b', 'c', 'd']
    const made = await Promise.all([...keys, ...keys, ...keys].map(send))
    const later = await Promise.all(keys.map(send))
    for (const [at, key] of keys.entries()) {
      const ids = [at, at + 4, at + 8].map((place) => made[place]?.id)
      expect([key, ...ids, later[at]?.id]).toEqual([key, ...Array(4).fill(made[at]?.id)])
    }
    expect(new Set(made.map(({ id }) => id)).size).toBe(4)
    const asked = cluster.model.requests.filter(({ body }) =>
      keys.includes(String(body.messages?.at(-1)?.content)),
    )
    expect(asked).toHaveLength(4)
    // Also when the continued response is deleted.
    await openai.responses.delete(root.id)
    const afterwards = await Promise.all(keys.map(send))
    expect(afterwards.map(({ id }) => id)).toEqual(later.map(({ id }) => id))
  })

  test('continue their conversation once', async ({ openai, agent }) => {
    const send = () =>
      openai.responses.create(
        { model: `agent/${agent}`, input: 'Hi', conversation: `once-${agent}` },
        { headers: { 'idempotency-key': `conversation-${agent}` } },
      )
    const [one, two] = await Promise.all([send(), send()])
    expect(one.id).toBe(two.id)
    expect((await send()).id).toBe(one.id)
  })
})

describe('a conversation', () => {
  test('begins anew when its task is deleted', async ({ openai, agent, cluster }) => {
    const say = (input: string) =>
      openai.responses.create({ model: `agent/${agent}`, conversation: `gone-${agent}`, input })
    const first = await say('One')
    await openai.responses.delete(first.id)
    const second = await say('Two')
    expect(taskOf(second.id)).not.toBe(taskOf(first.id))
    const asked = cluster.model.requests.at(-1)?.body.messages ?? []
    expect(asked.filter(({ role }) => role === 'user')).toHaveLength(1)
    expect(taskOf((await say('Three')).id)).toBe(taskOf(second.id))
  })

  test('outlives its agent: another agent continues a copy of it', async ({
    openai,
    orq,
    agent,
    cluster,
  }) => {
    const { key } = await orq.agents.create(newAgent())
    const conversation = `orphan-${agent}`
    const first = await openai.responses.create({
      model: `agent/${key}`,
      conversation,
      input: 'First words',
    })
    await orq.agents.delete(key)
    const model = `agent/${agent}`
    for (const before of [{ conversation }, { previous_response_id: first.id }]) {
      const next = await openai.responses.create({ model, ...before, input: 'Hi' })
      expect(taskOf(next.id)).not.toBe(taskOf(first.id))
      const asked = JSON.stringify(cluster.model.requests.at(-1)?.body.messages)
      expect(asked).toContain('First words')
    }
  })

  test('has no trace of a refused request', async ({ openai, agent, kept: redis }) => {
    const before = await keysOf(redis, '*:conversation:*')
    const refused = openai.responses.create({
      model: `agent/${agent}`,
      conversation: `refused-${agent}`,
      tool_choice: { type: 'function', name: 'none' },
      input: 'Hi',
    })
    await expect(refused).rejects.toMatchObject({ status: 400 })
    expect(await keysOf(redis, '*:conversation:*')).toEqual(before)
  })

  test('belongs to its workspace only', async ({ openai, agent, cluster, stranger }) => {
    const conversation = `mine-${agent}`
    await openai.responses.create({ model: `agent/${agent}`, conversation, input: 'Secret' })
    const { key } = await stranger.agents.create(newAgent())
    const made = await stranger.responses.create({
      model: `agent/${key}`,
      conversation: { id: conversation },
      input: 'Hi',
    })
    expect(made).toMatchObject({ status: 'completed' })
    expect(JSON.stringify(cluster.model.requests.at(-1)?.body.messages)).not.toContain('Secret')
  })
})
