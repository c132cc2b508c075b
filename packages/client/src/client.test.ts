import { clusterTest, type ScriptedReply, startFlakyProxy } from '@longhaul/testbed'
import { expect, onTestFinished } from 'vitest'
import { createClient, type TaskEvent, WaitError } from './index.ts'

const test = clusterTest
  .extend('cluster', { scope: 'file' }, async ({ lent }) => {
    const client = createClient({ url: lent.url, key: lent.key })
    const tool = { type: 'current_date', requires_approval: true }
    await client.agents.create({ ...agent, key: 'plain' })
    await client.agents.create({ ...agent, key: 'careful', settings: { tools: [tool] } })
    return lent
  })
  .extend('client', ({ cluster }) => createClient({ url: cluster.url, key: cluster.key }))

const agent = {
  role: 'Assistant',
  description: 'Answers',
  instructions: 'Be brief.',
  path: 'Default',
  model: 'openai/scripted',
  settings: {},
}

function script(...replies: ScriptedReply[]): string {
  return JSON.stringify({ script: replies })
}

test('a task is submitted, watched, read, listed and deleted', async ({ client }) => {
  const { task_id: id } = await client.tasks.submit('plain', script({ text: 'Good morning' }))
  const events = await collect(client.tasks.events(id))
  expect(textOf(events)).toBe('Good morning')
  expect(events.at(-1)?.type).toBe('response.done')

  const task = await client.tasks.wait(id)
  expect(task).toMatchObject({ task_id: id, agent_key: 'plain', status: 'completed' })
  const { output } = await client.tasks.get(id, { include: 'messages' })
  expect(output.length).toBeGreaterThan(task.output.length)

  const entries = await collect(client.tasks.logEntries(id))
  expect(entries[0]?.type).toBe('turn.started')
  expect(entries.at(-1)?.type).toBe('turn.completed')
  const listed = await collect(client.tasks.all({ agent: 'plain', limit: 1 }))
  expect(listed.map(({ task_id }) => task_id)).toContain(id)

  await client.tasks.delete(id)
  await expect(client.tasks.get(id)).rejects.toMatchObject({ status: 404, code: 'not_found' })
})

test('a stream whose connection is reset again and again has each event once', async ({
  cluster,
  client,
}) => {
  const proxy = await startFlakyProxy(cluster.url)
  onTestFinished(() => proxy.close())
  const words = Array.from({ length: 30 }, (_, at) => `word${at} `)
  const { task_id: id } = await client.tasks.submit(
    'plain',
    script({ text: words, chunkDelay: 20 }),
  )
  const far = createClient({ url: proxy.url, key: cluster.key })
  const events: TaskEvent[] = []
  const lost: Error[] = []
  for await (const event of far.tasks.events(id, {
    after: 0,
    onReconnect: (why) => lost.push(why),
  })) {
    events.push(event)
    if (events.length % 4 === 0 && lost.length < 5) proxy.reset()
  }
  expect(lost.length).toBeGreaterThan(0)
  expect(textOf(events)).toBe(words.join(''))
  const ids = events.map((event) => event.id)
  expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b))
})

test('a stream and a wait outlast a server that is away', async ({ cluster, client }) => {
  const proxy = await startFlakyProxy(cluster.url)
  onTestFinished(() => proxy.close())
  const turn = script({ text: ['a ', 'b ', 'c'], chunkDelay: 100 })
  const { task_id: id } = await client.tasks.submit('plain', turn)
  const far = createClient({ url: proxy.url, key: cluster.key })
  const waited = far.tasks.wait(id)
  const away = Promise.withResolvers<void>()
  const types: string[] = []
  const onReconnect = () => away.resolve()
  void away.promise.then(() => proxy.refuse(false))
  for await (const { type } of far.tasks.events(id, { after: 0, onReconnect })) {
    if (types.length === 0) await proxy.refuse(true)
    types.push(type)
  }
  expect(types.at(-1)).toBe('response.done')
  expect(await waited).toMatchObject({ status: 'completed' })
})

test('a stream ends with the reason of its signal', async ({ client }) => {
  const { task_id: id } = await client.tasks.submit('careful', script({ calls: [date] }))
  const leaving = new AbortController()
  const read = async () => {
    for await (const { type } of client.tasks.events(id, { signal: leaving.signal })) {
      if (type === 'tool.review.requested') leaving.abort(new Error('enough'))
    }
  }
  await expect(read()).rejects.toThrow('enough')
  await expect(client.tasks.wait(id, { timeoutMs: 50 })).rejects.toBeInstanceOf(WaitError)
  await client.tasks.cancel(id, { wait: 30 })
  expect(await client.tasks.wait(id)).toMatchObject({ status: 'failed' })
})

test('a call that waits is found and approved', async ({ client }) => {
  const turn = script({ calls: [date] }, { text: 'done' })
  const { task_id: id } = await client.tasks.submit('careful', turn)
  for await (const { type } of client.tasks.events(id)) {
    if (type !== 'tool.review.requested') continue
    const reviews = await collect(client.reviews.all())
    const review = reviews.find(({ task_id }) => task_id === id)
    if (review === undefined) throw new Error('the call is not in the list')
    await client.reviews.approve(review, { arguments: { timezone: 'Europe/Bern' } })
  }
  const entries = await collect(client.tasks.logEntries(id))
  expect(JSON.stringify(entries)).toContain('Europe/Bern')
})

test('the key of a workspace redrives its failed task', async ({ client }) => {
  const { task_id: id } = await client.tasks.submit('plain', script({ status: 400 }))
  expect(await client.tasks.wait(id)).toMatchObject({ status: 'failed' })
  const { response_id: response } = await client.tasks.redrive(id)
  await client.tasks.wait(id)
  const turns = (await collect(client.tasks.logEntries(id))).filter(
    ({ type }) => type === 'turn.started',
  )
  expect(turns.map(({ response_id: of }) => of)).toEqual([expect.any(String), response])
})

test('the schedules of all agents are read, and their times before they exist', async ({
  client,
}) => {
  const times = { type: 'cron' as const, expression: '0 9 * * *', timezone: 'Europe/Bern' }
  expect(await client.schedules.preview(times).catch(String)).toContain('timezone')
  const daily = { ...times, timezone: 'Europe/Zurich' }
  const { upcoming } = await client.schedules.preview(daily)
  const body = { ...daily, display_name: 'Daily', payload: { input: 'Go.' } }
  const made = await client.schedules.create('plain', body)
  expect(made.upcoming).toEqual(upcoming)
  expect(await collect(client.schedules.all())).toEqual([made])
})

test('agents, tools, limits and the overview are read', async ({ client, cluster }) => {
  const keys = (await collect(client.agents.all())).map(({ key }) => key)
  expect(keys).toEqual(expect.arrayContaining(['plain', 'careful']))
  await client.agents.update('plain', { description: 'Answers quickly' })
  expect(await client.agents.get('plain')).toMatchObject({ description: 'Answers quickly' })
  expect(await client.tools.list()).toMatchObject({ object: 'list' })
  expect(await client.limits.get()).toBeTypeOf('object')
  await client.ready()
  await expect(client.admin.overview()).rejects.toMatchObject({ status: 401 })
  const operator = createClient({ url: cluster.url, key: 'an-operator-key-for-tests-only' })
  expect((await operator.admin.overview()).workers.length).toBeGreaterThan(0)
})

const date = { name: 'current_date', arguments: { timezone: 'UTC' } }

function textOf(events: TaskEvent[]): string {
  return events
    .map((event) => {
      if (event.type !== 'part.delta') return ''
      return event.data.delta.kind === 'text' ? event.data.delta.text : ''
    })
    .join('')
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
