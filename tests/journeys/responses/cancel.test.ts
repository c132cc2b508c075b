import { describe, expect } from 'vitest'
import { test as base } from '../../support/orq-test.ts'
import { script } from '../../support/orq-requests.ts'

const test = base
  .extend('path', ({ agent }) => `/v2/agents/${agent}/responses`)
  /** Submits a turn in the background and returns the task's id. */
  .extend('begin', ({ cluster, path }) => async (turn: object) => {
    const { body } = await cluster.call('POST', path, { background: true, ...turn })
    return String(body['task_id'])
  })
  .extend('asked', ({ cluster }) => (count: number) => {
    const { requests } = cluster.model
    return expect.poll(() => requests.length).toBeGreaterThan(count)
  })

const cancelled = { status: 'failed', error: 'cancelled' }

describe('a turn that runs', () => {
  test('is stopped with its model request before a waiting cancel is answered', async ({
    cluster,
    path,
    begin,
    asked,
  }) => {
    const before = cluster.model.requests.length
    const task = await begin(script({ fault: 'hang' }))
    await asked(before)
    const { status, body } = await cluster.call('POST', `${path}/${task}/cancel?wait=10`)
    expect([status, body]).toMatchObject([200, { task_id: task, ...cancelled }])
    await expect.poll(() => cluster.model.requests[before]?.closedEarly).toBe(true)

    expect(await cluster.call('POST', `${path}/${task}/cancel`)).toEqual({ status: 200, body })
    expect(await cluster.call('GET', `${path}/${task}`)).toEqual({ status: 200, body })
    expect(cluster.model.requests).toHaveLength(before + 1)
  })

  test('is answered 202 by a cancel that does not wait, and ends soon after', async ({
    cluster,
    path,
    begin,
    asked,
  }) => {
    const before = cluster.model.requests.length
    const task = await begin(script({ fault: 'hang' }))
    await asked(before)
    // It may also have stopped before the reply.
    const worker = cluster.workers[0]!
    process.kill(worker.pid, 'SIGSTOP')
    const { status, body } = await cluster.call('POST', `${path}/${task}/cancel`)
    process.kill(worker.pid, 'SIGCONT')
    expect([status, body]).toMatchObject([202, { task_id: task, status: 'in_progress' }])
    await expect
      .poll(async () => (await cluster.call('GET', `${path}/${task}`)).body)
      .toMatchObject(cancelled)
  })

  test('keeps the usage of its finished steps', async ({ cluster, begin, path, asked }) => {
    const { body: agent } = await cluster.call('PATCH', path.replace('/responses', ''), {
      settings: { tools: [{ type: 'current_date' }] },
    })
    expect(agent['version']).toBe('1.0.1')
    const before = cluster.model.requests.length
    const call = { name: 'current_date', arguments: {} }
    const task = await begin(
      script({ calls: [call], usage: { input: 5, output: 7 } }, { fault: 'hang' }),
    )
    await asked(before + 1)
    const { body } = await cluster.call('POST', `${path}/${task}/cancel?wait=10`)
    expect(body).toMatchObject({ ...cancelled, usage: { total_tokens: 12 } })
  })

  test('gives its synchronous caller 409, and its stream an end', async ({
    cluster,
    path,
    asked,
  }) => {
    const before = cluster.model.requests.length
    const waiting = cluster.call('POST', path, script({ fault: 'hang' }))
    await asked(before)
    const tasks = await cluster.call('GET', `${path}?status=in_progress`)
    const [task] = tasks.body['data'] as { task_id: string }[]
    await cluster.call('POST', `${path}/${task?.task_id}/cancel`)
    expect(await waiting).toMatchObject({
      status: 409,
      body: { task_id: task?.task_id, error: { code: 'cancelled' } },
    })
  })

  test('is not retried when it waits for its next try', async ({ cluster, path, begin, asked }) => {
    const before = cluster.model.requests.length
    const busy = { status: 429, headers: { 'retry-after': '60' } }
    const task = await begin(script([busy, { text: 'late' }]))
    await asked(before)
    const { status, body } = await cluster.call('POST', `${path}/${task}/cancel?wait=10`)
    expect([status, body]).toMatchObject([200, cancelled])
    expect(cluster.model.requests).toHaveLength(before + 1)
  })
})

test('an ended turn does not change', async ({ cluster, path }) => {
  const { body } = await cluster.call('POST', path, script({ text: 'done' }))
  const task = String(body['task_id'])
  const { status, body: still } = await cluster.call('POST', `${path}/${task}/cancel`)
  expect([status, still]).toMatchObject([200, { status: 'completed', finish_reason: 'stop' }])

  const next = await cluster.call('POST', path, { task_id: task, ...script({ text: 'more' }) })
  expect(next.status).toBe(200)
})

test('a cancel of an earlier response does not stop the running turn', async ({
  cluster,
  path,
  begin,
  asked,
}) => {
  const { body: first } = await cluster.call('POST', path, script({ text: 'one' }))
  const before = cluster.model.requests.length
  const task = await begin({ task_id: first['task_id'], ...script({ delay: 600, text: 'two' }) })
  await asked(before)
  const { status } = await cluster.call('POST', `${path}/${String(first['_id'])}/cancel`)
  expect(status).toBe(200)
  await expect
    .poll(async () => (await cluster.call('GET', `${path}/${task}`)).body)
    .toMatchObject({ status: 'completed', output: [{ parts: [{ text: 'two' }] }] })
})

test.for(['61', '-1', 'soon'])(
  'a wait of %s seconds is refused',
  async (wait, { cluster, path }) => {
    const { status, body } = await cluster.call(
      'POST',
      `${path}/01JD0000000000000000000000/cancel?wait=${wait}`,
    )
    expect([status, body['errors']]).toMatchObject([400, [{ path: 'wait' }]])
  },
)
