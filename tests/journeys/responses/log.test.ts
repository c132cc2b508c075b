import type { Cluster } from '@longhaul/testbed'
import { describe, expect } from 'vitest'
import { test as base } from '../../support/orq-test.ts'
import { script, user } from '../../support/orq-requests.ts'
import { begin, idsOf, streamed } from '../../support/event-streams.ts'

type Entry = { id: number; number: number; type: string; turn: number; response_id: string } & {
  [field: string]: unknown
}
type Page = { data: Entry[]; has_more: boolean }

const test = base
  .extend('path', ({ agent }) => `/v2/agents/${agent}/responses`)
  .extend('read', ({ cluster, path }) => async (task: string, query = ''): Promise<Page> => {
    const { status, body } = await cluster.call('GET', `${path}/${task}/log?${query}`)
    expect([query, status]).toEqual([query, 200])
    return body as unknown as Page
  })
  .extend(
    'eventful',
    ({ cluster, path }) =>
      () =>
        makeEventful(cluster, path),
  )

const secret = 'my-secret-of-the-log'

/** The events of the turn, without those of its tools. */
const story = [
  'turn.started',
  'attempt.started',
  'model.failed',
  'part.finished',
  'part.finished',
  'step.finished',
  'part.finished',
  'step.finished',
  'turn.completed',
  'turn.started',
  'attempt.started',
  'part.finished',
  'step.finished',
  'turn.completed',
]

/** A turn with thoughts, a failed model call, two tools and a result, and another turn behind it. */
async function makeEventful(cluster: Cluster, path: string) {
  const tools = { settings: { tools: [{ type: 'current_date' }] } }
  await cluster.call('PATCH', path.replace('/responses', ''), tools)
  const call = { name: 'current_date' }
  const calls = [
    { ...call, id: 'a', arguments: {} },
    { ...call, id: 'b', arguments: { timezone: 'Nowhere' } },
  ]
  const turn = script(
    [
      { status: 500 },
      { reasoning: 'Hm.', text: 'I look.', calls, usage: { input: 10, output: 4 } },
    ],
    { text: 'Today.', usage: { input: 30, output: 5 } },
  )
  const variables = { city: 'Rome', token: { secret: true, value: secret } }
  const first = await streamed(cluster, path, { ...turn, variables, thread: { id: 't-log' } })
  const task = String(first.events[0]?.data['taskId'])
  const second = await streamed(cluster, path, { ...user('Thanks'), task_id: task })
  return { task, events: [...first.events, ...second.events] }
}

describe('the log of a task', () => {
  test('has all facts in order, with the numbers of the stream events', async ({
    eventful,
    read,
  }) => {
    const { task, events } = await eventful()
    const { data, has_more } = await read(task)
    expect(has_more).toBe(false)
    const calls = ['tool.called', 'tool.called', 'tool.returned', 'tool.failed']
    const types = data.map(({ type }) => type)
    expect(types.filter((type) => !type.startsWith('tool.'))).toEqual(story)
    expect(types.filter((type) => type.startsWith('tool.')).toSorted()).toEqual(calls.toSorted())
    expect(data.map(({ number }) => number)).toEqual(data.map((_, at) => at))
    const turns = data.map(({ turn }) => turn)
    expect(turns).toEqual(turns.toSorted((a, b) => a - b))
    for (const { turn, response_id: response } of data)
      expect(response).toBe(`resp_${task}000${turn}`)

    const known = new Set(data.map(({ id }) => id))
    const told = events.filter(({ type }) => type !== 'part.delta')
    expect(idsOf(told).filter((id) => !known.has(id))).toEqual([])
    const [started] = data
    expect(started).toMatchObject({
      message: { role: 'user' },
      variables: { city: 'Rome', token: { secret: true, value: '********' } },
      notes: { thread: { id: 't-log' } },
    })
    expect(JSON.stringify(data)).not.toContain(secret)
    expect(JSON.stringify(data)).not.toContain('sealed')
    const named = (type: string) => data.filter((entry) => entry.type === type)
    expect(named('model.failed')).toMatchObject([{ step: 1, status: 500, retryable: true }])
    expect(named('tool.failed')).toMatchObject([{ tool_call_id: 'b', tool_id: 'current_date' }])
    expect(named('tool.returned')).toMatchObject([
      { tool_call_id: 'a', result: { timezone: 'UTC' }, ms: expect.any(Number) as number },
    ])
    expect(named('step.finished')[0]).toMatchObject({
      calls: [
        { tool_call_id: 'a', tool_name: 'current_date', arguments: {} },
        { tool_call_id: 'b', arguments: { timezone: 'Nowhere' } },
      ],
    })
  })

  test('has the usage of each step, and the sum at the end of the turn', async ({
    cluster,
    path,
    eventful,
    read,
  }) => {
    const { task, events } = await eventful()
    const { data } = await read(task)
    for (const turn of [1, 2]) {
      const steps = data.filter((entry) => entry.turn === turn && entry.type === 'step.finished')
      const sum = steps.reduce((total, { usage }) => total + tokensIn(usage), 0)
      const ended = data.find((entry) => entry.turn === turn && entry.type === 'turn.completed')
      const done = events.filter(({ type }) => type === 'response.done')[turn - 1]
      expect(steps).toHaveLength(3 - turn)
      expect(tokensIn(ended?.['usage'])).toBe(sum)
      expect(done?.data['usage']).toEqual(ended?.['usage'])
      if (turn === 1) continue
      const { body } = await cluster.call('GET', `${path}/${task}`)
      expect(body['usage']).toEqual(ended?.['usage'])
    }
  })

  test('is read in pages of any size, from any number', async ({ eventful, read }) => {
    const { task } = await eventful()
    const { data: whole } = await read(task)
    for (const limit of [1, 3, 200]) {
      const joined: Entry[] = []
      for (;;) {
        const { data, has_more } = await read(
          task,
          `limit=${limit}&after=${joined.at(-1)?.id ?? 0}`,
        )
        joined.push(...data)
        if (!has_more) break
        expect(data).toHaveLength(limit)
      }
      expect(joined).toEqual(whole)
    }
    const last = whole.at(-1)?.id ?? 0
    expect(await read(task, `after=${last}`)).toMatchObject({ data: [], has_more: false })
    expect(await read(task, `after=${last + 9}&wait=5`)).toMatchObject({ data: [] })
  })

  test('has the sources of a text, and whether it is a refusal', async ({
    cluster,
    path,
    read,
  }) => {
    const source = { url: 'https://a.example', title: 'A', start_index: 0, end_index: 5 }
    const sources = [{ type: 'url_citation', url_citation: source }]
    const turn = script({ text: 'It is so.', sources, refusal: 'I say no more.' })
    const task = await begin(cluster, path, turn)
    await cluster.call('GET', `${path}/${task}?wait=20`)
    const { data } = await read(task)
    expect(data.filter(({ type }) => type === 'part.finished')).toMatchObject([
      { kind: 'text', text: 'It is so.', annotations: [{ type: 'url_citation', ...source }] },
      { kind: 'text', text: 'I say no more.', refusal: true },
    ])
  })

  test('can be awaited while the turn runs', async ({ cluster, path, read }) => {
    const before = cluster.model.requests.length
    const task = await begin(cluster, path, script({ delay: 700, text: 'Done.' }))
    await expect.poll(() => cluster.model.requests.length).toBeGreaterThan(before)
    const { data: begun } = await read(task)
    expect(begun.map(({ type }) => type)).toEqual(['turn.started', 'attempt.started'])
    const after = begun.at(-1)?.id
    expect(await read(task, `after=${after}&wait=0.1`)).toMatchObject({ data: [] })
    const { data } = await read(task, `after=${after}&wait=20`)
    expect(data[0]?.type).toBe('part.finished')
  })
})

function tokensIn(usage: unknown): number {
  return (usage as { total_tokens: number }).total_tokens
}
