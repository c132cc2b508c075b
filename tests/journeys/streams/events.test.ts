import type { Cluster } from '@longhaul/testbed'
import { describe, expect } from 'vitest'
import { test as base } from '../../support/orq-test.ts'
import { script, user } from '../../support/orq-requests.ts'
import { until } from '../../support/until.ts'
import { begin, eventsOf, idsOf, streamed, typesOf, watch } from '../../support/event-streams.ts'

const test = base.extend('path', ({ agent }) => `/v2/agents/${agent}/responses`)

const words = { text: ['One ', 'two ', 'three.'], chunkDelay: 60 }

describe('the events of a task', () => {
  test('are those of the stream of its POST, while it runs and afterwards', async ({
    cluster,
    path,
  }) => {
    const posted = streamed(cluster, path, script(words))
    const task = await until(async () => (await newest(cluster, path))?.task_id)
    const live = await watch(cluster, { url: cluster.url, path: `${path}/${task}/events` })
    const { events, done } = await posted
    expect(done).toBe(true)
    // How many deltas there are depends on how busy the machine is.
    expect(typesOf(events).filter((type, at, all) => type !== all[at - 1])).toEqual([
      'response.started',
      'part.delta',
      'part.done',
      'response.done',
    ])
    expect(live).toEqual({ status: 200, events, done })
    expect(await watch(cluster, { url: cluster.url, path: `${path}/${task}/events` })).toEqual(live)
  })

  test('begin with the latest turn, with the first one for after=0, and with the turn of a response', async ({
    cluster,
    path,
  }) => {
    const first = await streamed(cluster, path, user('one'))
    const task = String(first.events[0]?.data['taskId'])
    const second = await streamed(cluster, path, { ...user('two'), task_id: task })
    const from = (id: string, query = '') =>
      watch(cluster, { url: cluster.url, path: `${path}/${id}/events${query}` })
    expect(await from(task)).toEqual(second)
    expect(await from(task, '?after=0')).toEqual(first)
    expect(await from(`resp_${task}0001`)).toEqual(first)
    expect(await from(`resp_${task}0002`)).toEqual(second)
    expect((await from(`resp_${task}0003`)).status).toBe(404)
  })

  test('continue after the last seen event, by header or by query, and from turn to turn', async ({
    cluster,
    path,
  }) => {
    const first = await streamed(cluster, path, user('one'))
    const task = String(first.events[0]?.data['taskId'])
    const second = await streamed(cluster, path, { ...user('two'), task_id: task })
    const events = `${path}/${task}/events`
    const all = [...first.events, ...second.events]
    for (const [at, { id }] of all.entries()) {
      const rest = all.slice(at + 1)
      const turn = rest.slice(0, rest.findIndex(({ type }) => type === 'response.done') + 1)
      const expected = turn.length === 0 ? nothing : { status: 200, events: turn, done: true }
      const byHeader = { url: cluster.url, path: `${events}?after=0`, lastEventId: id }
      expect(await watch(cluster, byHeader)).toEqual(expected)
      const byQuery = { url: cluster.url, path: `${events}?after=${id}` }
      expect(await watch(cluster, byQuery)).toEqual(expected)
    }
    const ahead = { url: cluster.url, path: events, lastEventId: 999_999 }
    expect(await watch(cluster, ahead)).toEqual(nothing)
  })

  test('stay open for future turns with follow=turns', async ({ cluster, path }) => {
    const first = await streamed(cluster, path, user('one'))
    const task = String(first.events[0]?.data['taskId'])
    const last = first.events.at(-1)?.id
    const query = `?follow=turns&after=${last}`
    const response = await fetch(`${cluster.url}${path}/${task}/events${query}`, {
      headers: { authorization: `Bearer ${cluster.key}` },
    })
    const following = eventsOf(response)
    const second = await streamed(cluster, path, { ...user('two'), task_id: task })
    const third = await streamed(cluster, path, { ...user('three'), task_id: task })
    await cluster.call('DELETE', `${path}/${task}`)
    expect(await following).toEqual({ events: [...second.events, ...third.events], done: true })
  })

  test('are refused for an invalid cursor, with its name', async ({ cluster, path }) => {
    const task = await begin(cluster, path, user('one'))
    const headers = { authorization: `Bearer ${cluster.key}` }
    const wrong: [string, Record<string, string>, string][] = [
      ['?after=-1', {}, 'after'],
      ['?after=x', {}, 'after'],
      ['?after=1.5', {}, 'after'],
      ['?after=99999999999999999999', {}, 'after'],
      ['?follow=forever', {}, 'follow'],
      ['', { 'last-event-id': 'x' }, 'Last-Event-ID'],
    ]
    for (const [query, more, name] of wrong) {
      const response = await fetch(`${cluster.url}${path}/${task}/events${query}`, {
        headers: { ...headers, ...more },
      })
      const { errors } = (await response.json()) as { errors: { path: string }[] }
      expect([response.status, errors.map((each) => each.path)]).toEqual([400, [name]])
    }
    const empty = { url: cluster.url, path: `${path}/${task}/events?after=`, lastEventId: '' }
    expect((await watch(cluster, empty)).done).toBe(true)
  })
})

test('a turn that is parked keeps its stream open until it ends', async ({ cluster, path }) => {
  const refusal = {
    status: 429,
    headers: { 'retry-after': '600' },
    body: { error: { message: 'calm down' } },
  }
  const task = await begin(cluster, path, script(refusal))
  const log = async () => (await cluster.call('GET', `${path}/${task}/log`)).body['data']
  await expect.poll(log).toContainEqual(expect.objectContaining({ type: 'turn.parked' }))
  const watched = watch(cluster, { url: cluster.url, path: `${path}/${task}/events` })
  await cluster.call('POST', `${path}/${task}/cancel`)
  const { events, done } = await watched
  expect([typesOf(events), done]).toEqual([['response.started', 'response.failed'], true])
})

test('thoughts and parallel tools are in the order of the log, and the usage is the sum', async ({
  cluster,
  path,
}) => {
  const tools = { settings: { tools: [{ type: 'current_date' }] } }
  await cluster.call('PATCH', path.replace('/responses', ''), tools)
  const call = { name: 'current_date', arguments: {} }
  const turn = script(
    {
      reasoning: ['Let me ', 'look.'],
      text: 'Looking.',
      calls: [
        { ...call, id: 'a' },
        { ...call, id: 'b' },
      ],
      usage: { input: 10, output: 4 },
    },
    { text: 'Today.', usage: { input: 30, output: 5 } },
  )
  const { events } = await streamed(cluster, path, turn)
  const types = typesOf(events).filter((type) => type !== 'part.delta')
  expect(types.slice(0, 3)).toEqual(['response.started', 'part.done', 'part.done'])
  expect(types.slice(3, 5)).toEqual(['tool.started', 'tool.started'])
  expect(types.slice(5)).toEqual(['tool.done', 'tool.done', 'part.done', 'response.done'])
  expect(events.at(-1)?.data['usage']).toMatchObject({
    prompt_tokens: 40,
    completion_tokens: 9,
    total_tokens: 49,
  })
  expect(idsOf(events)).toEqual(idsOf(events).toSorted((a, b) => a - b))
  const kinds = events.flatMap(({ type, data }) =>
    type === 'part.done' ? [(data['part'] as { kind: string }).kind] : [],
  )
  expect(kinds).toEqual(['reasoning', 'text', 'text'])
})

describe('GET with wait', () => {
  test('answers when the turn has ended', async ({ cluster, path }) => {
    const task = await begin(cluster, path, script({ delay: 400, text: 'done' }))
    const { status, body } = await cluster.call('GET', `${path}/${task}?wait=20`)
    expect([status, body]).toMatchObject([200, { status: 'completed' }])
    expect(await cluster.call('GET', `${path}/${task}?wait=60`)).toEqual({ status, body })
    const whole = await cluster.call('GET', `${path}/${task}?wait=1&include=messages`)
    expect(whole.body['output']).toHaveLength(3)
  })

  test('answers with the current state when the time is over', async ({ cluster, path }) => {
    const task = await begin(cluster, path, script({ fault: 'hang' }))
    const { status, body } = await cluster.call('GET', `${path}/${task}?wait=0.2`)
    expect([status, body]).toMatchObject([200, { status: 'in_progress', output: [] }])
    await cluster.call('POST', `${path}/${task}/cancel?wait=5`)
  })

  test('is refused for an invalid time', async ({ cluster, path }) => {
    const task = await begin(cluster, path, user('hello'))
    for (const wait of ['-1', '61', 'x']) {
      expect((await cluster.call('GET', `${path}/${task}?wait=${wait}`)).status).toBe(400)
    }
  })
})

test('a disconnected client is not kept', async ({ cluster, path }) => {
  const task = await begin(cluster, path, script({ fault: 'hang' }))
  const gone = new AbortController()
  const headers = { authorization: `Bearer ${cluster.key}` }
  const calls = Array.from({ length: 60 }, async (_, at) => {
    const query = at % 2 === 0 ? '/events' : '?wait=60'
    const url = `${cluster.url}${path}/${task}${query}`
    await fetch(url, { headers, signal: gone.signal }).then((response) => response.text())
  })
  const watchers = async () => /longhaul_watchers (\d+)/.exec(await metrics())?.[1]
  const metrics = async () => await (await fetch(`${cluster.url}/metrics`)).text()
  await expect.poll(watchers).toBe('60')
  gone.abort()
  await Promise.allSettled(calls)
  await expect.poll(watchers).toBe('0')
  await cluster.call('POST', `${path}/${task}/cancel?wait=5`)
})

const nothing = { status: 204, events: [], done: false }

async function newest(cluster: Cluster, path: string): Promise<{ task_id: string } | undefined> {
  const { body } = await cluster.call('GET', `${path}?limit=1`)
  return (body['data'] as { task_id: string }[])[0]
}
