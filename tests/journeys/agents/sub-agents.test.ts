import type { Orq } from '@orq-ai/node'
import { describe, expect } from 'vitest'
import { inEveryMode } from '../../support/every-mode.ts'
import { test } from '../../support/orq-test.ts'
import { messagesOf } from '../../support/model-messages.ts'
import { newAgent, newKey } from '../../support/new-agent.ts'
import { ask, listen, only, script, textOf } from '../../support/orq-requests.ts'
import { until } from '../../support/until.ts'

/** Creates an agent that may call these agents. */
async function leaderOf(orq: Orq, ...keys: string[]): Promise<string> {
  const { key } = await orq.agents.create({
    ...newAgent(),
    teamOfAgents: keys.map((each) => ({ key: each, role: `${each} knows it` })),
    settings: { tools: [{ type: 'retrieve_agents' }, { type: 'call_sub_agent' }] },
  })
  return key
}

const callOf = (agent: string, replies: object[], id = 'c1') => ({
  id,
  name: 'call_sub_agent',
  arguments: { agent_key: agent, message: JSON.stringify({ script: replies }) },
})

test('an agent finds another one and calls it, in every mode', async ({ orq, cluster, agent }) => {
  const leader = await leaderOf(orq, agent)
  const turn = script(
    { calls: [{ id: 'c0', name: 'retrieve_agents', arguments: {} }] },
    { calls: [callOf(agent, [{ text: 'Forty-two.' }])] },
    { text: 'It is 42.' },
  )
  for (const reported of await inEveryMode({ orq, cluster }, leader, turn)) {
    expect(reported).toMatchObject({
      text: 'It is 42.',
      calls: [
        {
          name: 'retrieve_agents',
          result: {
            agents: [{ key: agent, role: `${agent} knows it`, description: 'Answers questions.' }],
          },
        },
        { name: 'call_sub_agent', result: { output: 'Forty-two.' } },
      ],
    })
    const child = (reported.calls.at(-1)?.result as { task_id?: string } | undefined)?.task_id
    const { status, body } = await cluster.call('GET', `/v2/agents/${agent}/responses/${child}`)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      status: 'completed',
      metadata: { parent_task_id: reported.taskId, parent_tool_call_id: 'c1' },
    })
  }
})

test('the usage of a sub-agent is in its own task, and in that of its caller', async ({
  orq,
  cluster,
  agent,
}) => {
  const leader = await leaderOf(orq, agent)
  const reply = await ask(
    orq,
    leader,
    script(
      { calls: [callOf(agent, [{ text: 'a' }], 'c1'), callOf(agent, [{ text: 'b' }], 'c2')] },
      { text: 'c' },
    ),
  )
  const { data } = await logOf(cluster, leader, reply.taskId)
  const own = data.filter(({ type }) => type === 'step.finished').map(used)
  const called = data.filter(({ type }) => type === 'tool.returned').map(used)
  expect([own.length, called.length]).toEqual([2, 2])
  expect(Math.min(...own, ...called)).toBeGreaterThan(0)
  expect(reply.usage?.totalTokens).toBe([...own, ...called].reduce((a, b) => a + b))
})

test('several work at the same time', async ({ orq, cluster }) => {
  const [left, right] = [newKey('left'), newKey('right')]
  for (const key of [left, right]) await orq.agents.create({ ...newAgent(), key })
  const leader = await leaderOf(orq, left, right)
  const slow = { text: 'done', delay: 1_500 }
  const reply = await ask(
    orq,
    leader,
    script({ calls: [callOf(left, [slow], 'c1'), callOf(right, [slow], 'c2')] }, { text: 'both' }),
  )
  expect(textOf(reply)).toBe('both')
  const { data } = await logOf(cluster, leader, reply.taskId)
  const order = data.map(({ type }) => type).filter((type) => /child|returned/.test(type))
  expect(order).toEqual(['child.started', 'child.started', 'tool.returned', 'tool.returned'])
})

test('a stream has the call when it begins and when it is answered', async ({ orq, agent }) => {
  const leader = await leaderOf(orq, agent)
  const events = await listen(
    orq,
    leader,
    script({ calls: [callOf(agent, [{ text: 'x' }])] }, { text: 'y' }),
  )
  expect(only(events, 'tool.started')).toMatchObject([{ data: { toolCallId: 'c1' } }])
  expect(only(events, 'tool.done')).toMatchObject([{ data: { result: { output: 'x' } } }])
  expect(events.at(-1)?.type).toBe('response.done')
})

describe('a failure is a result that the calling agent reads', () => {
  test('an agent of no team', async ({ orq, cluster, agent }) => {
    const leader = await leaderOf(orq)
    const reply = await ask(
      orq,
      leader,
      script({ calls: [callOf(agent, [])] }, { text: 'So be it.' }),
    )
    const last = messagesOf(cluster, reply.id).at(-1)
    expect(last?.content).toContain('there are: none')
  })

  test('one that fails', async ({ orq, cluster, agent }) => {
    const leader = await leaderOf(orq, agent)
    const reply = await ask(
      orq,
      leader,
      script({ calls: [callOf(agent, [{ status: 401 }])] }, { text: 'So be it.' }),
    )
    expect(messagesOf(cluster, reply.id).at(-1)?.content).toContain(
      'the agent failed: provider_failed',
    )
  })

  test('one that asks for a client’s function', async ({ orq, cluster }) => {
    const tool = await orq.tools.create({
      type: 'function',
      key: newKey('f'),
      path: 'Default',
      description: 'd',
      function: { name: 'look_up' },
    })
    const settings = { tools: [{ type: 'function' as const, key: tool.key }] }
    const { key } = await orq.agents.create({ ...newAgent(), settings })
    const leader = await leaderOf(orq, key)
    const wanting = [{ calls: [{ id: 'f1', name: 'look_up', arguments: {} }] }]
    const reply = await ask(
      orq,
      leader,
      script({ calls: [callOf(key, wanting)] }, { text: 'So be it.' }),
    )
    expect(messagesOf(cluster, reply.id).at(-1)?.content).toContain(
      'only a client can run: look_up',
    )
  })

  test('one that is cancelled by itself', async ({ orq, cluster, agent }) => {
    const leader = await leaderOf(orq, agent)
    const turn = script(
      { calls: [callOf(agent, [{ text: 'x', delay: 20_000 }])] },
      { text: 'Well.' },
    )
    const { taskId } = await ask(orq, leader, { ...turn, background: true })
    const child = await childOf(cluster, leader, taskId)
    await cluster.call('POST', `/v2/agents/${agent}/responses/${child}/cancel`)
    expect(await ended(cluster, leader, taskId)).toMatchObject({ status: 'completed' })
    const { data } = await logOf(cluster, leader, taskId)
    expect(data.find(({ type }) => type === 'tool.failed')).toMatchObject({
      error: expect.stringContaining('the agent failed: cancelled'),
    })
  })

  test('one whose task is deleted', async ({ orq, cluster, agent }) => {
    const leader = await leaderOf(orq, agent)
    const turn = script(
      { calls: [callOf(agent, [{ text: 'x', delay: 20_000 }])] },
      { text: 'Well.' },
    )
    const { taskId } = await ask(orq, leader, { ...turn, background: true })
    const child = await childOf(cluster, leader, taskId)
    await cluster.call('DELETE', `/v2/agents/${agent}/responses/${child}`)
    expect(await ended(cluster, leader, taskId)).toMatchObject({ status: 'completed' })
  })

  test('a depth of more than five', async ({ orq, cluster }) => {
    const key = newKey('deep')
    await orq.agents.create({
      ...newAgent(),
      key,
      teamOfAgents: [{ key }],
      settings: { tools: [{ type: 'call_sub_agent' }] },
    })
    let replies: object[] = [{ text: 'never' }]
    for (let depth = 6; depth > 0; depth -= 1) {
      replies = [{ calls: [callOf(key, replies)] }, { text: `back at ${depth - 1}` }]
    }
    const reply = await ask(orq, key, script(...(replies as Parameters<typeof script>)))
    expect(textOf(reply)).toBe('back at 0')
    const { body } = await cluster.call('GET', `/v2/agents/${key}/responses?limit=200`)
    expect((body['data'] as unknown[]).length).toBe(6)
    expect(
      JSON.stringify(cluster.model.requests.map(({ body: asked }) => asked.messages)),
    ).toContain('agents may call agents 5 deep')
  })
})

test('a cancel of the caller cancels all its sub-agents', async ({ orq, cluster, agent }) => {
  const middle = await leaderOf(orq, agent)
  const leader = await leaderOf(orq, middle)
  const deep = callOf(agent, [{ text: 'x', delay: 20_000 }])
  const turn = script(
    { calls: [callOf(middle, [{ calls: [deep] }, { text: 'y' }])] },
    { text: 'z' },
  )
  const { taskId } = await ask(orq, leader, { ...turn, background: true })
  const child = await childOf(cluster, leader, taskId)
  const grandchild = await childOf(cluster, middle, child)
  const cancelled = await cluster.call('POST', `/v2/agents/${leader}/responses/${taskId}/cancel`)
  expect(cancelled.status).toBe(200)
  for (const [key, task] of [
    [leader, taskId],
    [middle, child],
    [agent, grandchild],
  ] as const) {
    expect(await ended(cluster, key, task)).toMatchObject({
      error: expect.stringMatching(/^cancelled/),
    })
  }
})

test('an agent whose team has a deleted member is refused, with its position', async ({
  orq,
  cluster,
  agent,
}) => {
  const leader = await leaderOf(orq, agent)
  await orq.agents.delete(agent)
  const { status, body } = await cluster.call(
    'POST',
    `/v2/agents/${leader}/responses`,
    script({ text: '' }),
  )
  expect([status, body['errors']]).toMatchObject([400, [{ path: 'team_of_agents[0].key' }]])
})

type Cluster = Parameters<typeof messagesOf>[0]
type Entry = { type: string; usage?: Record<string, unknown>; task_id?: string; error?: string }

function used(entry: Entry): number {
  return Number(entry.usage?.['total_tokens'] ?? 0)
}

async function logOf(cluster: Cluster, agent: string, task: string): Promise<{ data: Entry[] }> {
  const { body } = await cluster.call('GET', `/v2/agents/${agent}/responses/${task}/log?limit=200`)
  return body as { data: Entry[] }
}

async function childOf(cluster: Cluster, agent: string, task: string): Promise<string> {
  return await until(async () => {
    const { data } = await logOf(cluster, agent, task)
    return data.find(({ type }) => type === 'child.started')?.task_id
  })
}

async function ended(cluster: Cluster, agent: string, task: string) {
  return await until(async () => {
    const { body } = await cluster.call('GET', `/v2/agents/${agent}/responses/${task}`)
    return body['status'] === 'in_progress' ? undefined : body
  })
}
