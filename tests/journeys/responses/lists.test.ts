import { callWith } from '@longhaul/testbed'
import { describe, expect } from 'vitest'
import { test as base } from '../../support/orq-test.ts'
import { newAgent, newKey } from '../../support/new-agent.ts'
import { script } from '../../support/orq-requests.ts'

type Task = { task_id: string; status: string }
type List = { data: Task[]; has_more: boolean; last_id?: string }

/** Six tasks of one agent with different caller metadata. */
const test = base
  .extend('path', ({ agent }) => `/v2/agents/${agent}/responses`)
  .extend('tasks', async ({ cluster, path }) => {
    const told = [
      { thread: { id: 't1', tags: ['red'] }, identity: { id: 'ada', tags: ['vip'] } },
      { thread: { id: 't1', tags: ['blue'] }, metadata: { plan: 'pro', seats: 3 } },
      { thread: { id: 't2', tags: ['red', 'blue'] }, contact: { id: 'ada' } },
      { memory: { entity_id: 'm1' }, conversation: { _id: 'conv_1' } },
      { metadata: { plan: 'free' } },
      {},
    ]
    const made: string[] = []
    for (const [at, notes] of told.entries()) {
      const reply = at === 4 ? { status: 400 } : { text: 'done' }
      const { body } = await cluster.call('POST', path, { ...notes, ...script([reply]) })
      made.push(String(body['task_id']))
    }
    return made
  })
  .extend('list', ({ cluster, path }) => async (query: string) => {
    const { status, body } = await cluster.call('GET', `${path}?${query}`)
    expect([query, status]).toEqual([query, 200])
    return body as unknown as List
  })

describe('a list of tasks', () => {
  test('has the matching tasks, newest first', async ({ tasks, list }) => {
    const [a, b, c, d, e, f] = tasks
    const cases: [query: string, wanted: (string | undefined)[]][] = [
      ['', [f, e, d, c, b, a]],
      ['thread_id=t1', [b, a]],
      ['thread_id=t3', []],
      ['identity_id=ada', [c, a]],
      ['tag=red', [c, a]],
      ['tag=vip', [a]],
      ['tag=red&thread_id=t2', [c]],
      ['memory_entity_id=m1', [d]],
      ['conversation_id=conv_1', [d]],
      ['metadata.plan=pro', [b]],
      ['metadata.seats=3', [b]],
      ['metadata.plan=pro&thread_id=t2', []],
      ['status=failed', [e]],
      ['status=completed&tag=blue', [c, b]],
      ['status=in_progress', []],
    ]
    for (const [query, wanted] of cases) {
      const { data, has_more } = await list(query)
      expect([query, data.map(({ task_id }) => task_id), has_more]).toEqual([query, wanted, false])
    }
  })

  test('finds tasks by words, by the code of their failure, by model and by state', async ({
    cluster,
    path,
    list,
  }) => {
    const submit = async (text: string, more: object = {}) => {
      const message = { role: 'user', parts: [{ kind: 'text', text }] }
      const { body } = await cluster.call('POST', path, { message, background: true, ...more })
      return String(body['task_id'])
    }
    const later = { longhaul: { start_at: new Date(Date.now() + 3_600_000).toISOString() } }
    const refund = await submit('Please REFUND the order of Zoë, café 12', later)
    const other = await submit('Cancel the order', later)
    const turn = { background: true, ...script([{ status: 400 }]) }
    const broken = String((await cluster.call('POST', path, turn)).body['task_id'])
    await cluster.call('GET', `${path}/${broken}?wait=60`)
    const cases: [query: string, wanted: string[]][] = [
      ['search=order', [other, refund]],
      ['search=cafe%20refund%20ord', [refund]],
      ['search=fund', []],
      ['search=order&state=queued&limit=1', [other]],
      ['error_code=provider_failed', [broken]],
      ['error_code=deadline', []],
      ['state=queued', [other, refund]],
      ['state=running', []],
      ['model=openai/scripted', [broken, other, refund]],
      ['model=openai/scripte', []],
    ]
    for (const [query, wanted] of cases) {
      expect([query, ids(await list(query))]).toEqual([query, wanted])
    }
    const first = await list('search=order&limit=1')
    expect(ids(await list(`search=order&limit=1&starting_after=${first.last_id}`))).toEqual([
      refund,
    ])
  })

  test('shows each task as GET does', async ({ cluster, path, tasks, list }) => {
    const { data } = await list('thread_id=t2')
    const { body } = await cluster.call('GET', `${path}/${tasks[2]}`)
    expect(data).toEqual([body])
    expect(body).toMatchObject({ thread: { id: 't2' }, identity: { id: 'ada' } })
  })

  test('comes in pages, forwards and backwards', async ({ tasks, list }) => {
    const newestFirst = tasks.toReversed()
    const first = await list('limit=2')
    expect([ids(first), first.has_more]).toEqual([newestFirst.slice(0, 2), true])
    const second = await list(`limit=2&starting_after=${first.last_id}`)
    expect([ids(second), second.has_more]).toEqual([newestFirst.slice(2, 4), true])
    const third = await list(`limit=2&starting_after=${second.last_id}`)
    expect([ids(third), third.has_more]).toEqual([newestFirst.slice(4), false])
    const before = await list(`limit=2&ending_before=${newestFirst[3]}`)
    expect([ids(before), before.has_more]).toEqual([newestFirst.slice(1, 3), true])
    const between = `starting_after=${newestFirst[0]}&ending_before=${newestFirst[3]}`
    expect(ids(await list(between))).toEqual(newestFirst.slice(1, 3))
  })
})

test('LONGHAUL_SEARCH=0 stores no words, and refuses a search', async ({ cluster, path }) => {
  const api = await cluster.startApi({ LONGHAUL_SEARCH: '0' })
  const call = callWith(api.url, cluster.key)
  const text = 'unheard words'
  const message = { role: 'user', parts: [{ kind: 'text', text }] }
  await call('POST', path, { message, background: true })
  const refused = await call('GET', '/v2/responses?search=unheard')
  expect(refused.status).toBe(400)
  expect(JSON.stringify(refused.body)).toContain('LONGHAUL_SEARCH')
  expect((await cluster.call('GET', `${path}?search=unheard`)).body).toMatchObject({ data: [] })
  expect((await call('GET', `${path}?limit=1`)).body['data']).toHaveLength(1)
})

test('a continuation keeps the labels that it does not set', async ({
  cluster,
  path,
  tasks,
  list,
}) => {
  const [a] = tasks
  const turn = { task_id: a, metadata: { step: 2 }, ...script({ text: 'more' }) }
  expect((await cluster.call('POST', path, turn)).status).toBe(200)
  const { body } = await cluster.call('GET', `${path}/${a}`)
  expect(body).toMatchObject({
    metadata: { step: 2 },
    thread: { id: 't1' },
    identity: { id: 'ada' },
  })
  expect((await list('thread_id=t1')).data).toHaveLength(2)
})

test('an agent that was deleted with its tasks has no list', async ({ cluster, path, tasks }) => {
  expect(tasks).toHaveLength(6)
  await cluster.call('DELETE', path.replace('/responses', '?tasks=delete'))
  expect((await cluster.call('GET', path)).status).toBe(404)
})

function ids({ data }: List): string[] {
  return data.map(({ task_id }) => task_id)
}

describe('the list of the tasks of all agents', () => {
  test('has those of every agent, each with the key of its agent', async ({
    cluster,
    orq,
    agent,
    path,
  }) => {
    const others = [await orq.agents.create(newAgent()), await orq.agents.create(newAgent())]
    const keys = [agent, ...others.map(({ key }) => key)]
    const thread = { thread: { id: newKey('thread') } }
    const made: { task_id: string; agent_key: string }[] = []
    for (const key of [...keys, agent]) {
      const { body } = await cluster.call('POST', `/v2/agents/${key}/responses`, {
        ...thread,
        ...script([{ text: 'done' }]),
      })
      made.push({ task_id: String(body['task_id']), agent_key: key })
    }
    const all = async (query = '') => {
      const { status, body } = await cluster.call(
        'GET',
        `/v2/responses?thread_id=${thread.thread.id}&${query}`,
      )
      expect(status).toBe(200)
      const { data } = body as unknown as { data: { task_id: string; agent_key: string }[] }
      return data.map(({ task_id, agent_key }) => ({ task_id, agent_key }))
    }
    expect(await all()).toEqual(made.toReversed())
    expect(await all('limit=2')).toEqual(made.toReversed().slice(0, 2))
    expect(await all(`starting_after=${made[2]?.task_id}`)).toEqual(made.slice(0, 2).toReversed())
    expect(await all(`agent=${agent}`)).toEqual([made[3], made[0]])
    expect(await all(`agent=${others[0]?.id}`)).toEqual([made[1]])
    const [first] = made
    const { body } = await cluster.call('GET', `${path}/${first?.task_id}`)
    const list = await cluster.call(
      'GET',
      `/v2/responses?agent=${agent}&thread_id=${thread.thread.id}`,
    )
    expect((list.body['data'] as object[])[1]).toEqual({ agent_key: agent, ...body })

    const unknown = await cluster.call('GET', '/v2/responses?agent=nobody')
    expect(unknown.status).toBe(404)
  })
})

describe('a list by time', () => {
  test('has tasks that began then, both ends included', async ({ cluster, path, tasks, list }) => {
    const at = await Promise.all(
      tasks.map(async (task) => {
        const { body } = await cluster.call('GET', `${path}/${task}`)
        return String(body['created_at'])
      }),
    )
    const time = (index: number) => encodeURIComponent(at[index] ?? '')
    expect(ids(await list(`created_after=${time(3)}`))).toEqual(tasks.slice(3).toReversed())
    expect(ids(await list(`created_before=${time(1)}`))).toEqual(tasks.slice(0, 2).toReversed())
    const between = `created_after=${time(1)}&created_before=${time(4)}`
    expect(ids(await list(between))).toEqual(tasks.slice(1, 5).toReversed())
    expect(ids(await list(`${between}&thread_id=t1`))).toEqual([tasks[1]])
    expect(ids(await list(`${between}&limit=2&starting_after=${tasks[4]}`))).toEqual([
      tasks[3],
      tasks[2],
    ])
    expect(ids(await list(`${between}&limit=2&ending_before=${tasks[1]}`))).toEqual([
      tasks[3],
      tasks[2],
    ])
    expect(ids(await list('created_after=2020-01-01'))).toEqual(tasks.toReversed())
    expect(ids(await list('created_before=2020-01-01'))).toEqual([])
    expect(ids(await list('created_after=2020-01-01T00:00:00%2B02:00'))).toHaveLength(6)
  })

  test('refuses an invalid time', async ({ cluster, path }) => {
    for (const time of [
      'yesterday',
      '2026-13-01',
      '2026-02-30',
      '2026-01-01T10:00',
      '2026-01-01T25:00:00Z',
    ]) {
      const { status, body } = await cluster.call('GET', `${path}?created_after=${time}`)
      expect([time, status, body['errors']]).toMatchObject([time, 400, [{ path: 'created_after' }]])
    }
  })
})
