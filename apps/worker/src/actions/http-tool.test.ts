import { limits } from '@longhaul/core'
import { startScriptedServer, workerTest } from '@longhaul/testbed'
import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'

/** An agent with tools of a scripted service: `find` is a GET, `order` a POST, `refund` a POST that may be repeated. */
const test = workerTest
  .extend('service', { scope: 'file' }, async ({}, { onCleanup }) => {
    const service = await startScriptedServer()
    onCleanup(() => service.close())
    return service
  })
  .extend('workspace', { scope: 'file' }, async ({ lent: cluster, service }) => {
    const tools = [
      ['find', 'GET', undefined],
      ['order', 'POST', undefined],
      ['refund', 'POST', 'retry'],
      ['transfer', 'POST', 'ask'],
    ] as const
    for (const [key, method, on_crash] of tools) {
      const { status } = await cluster.call('POST', '/v2/tools', {
        key,
        path: 'tests',
        type: 'http',
        description: key,
        on_crash,
        http: { blueprint: { url: `${service.url}/${key}`, method, body: { a: 1 } } },
      })
      expect(status).toBe(200)
    }
    const { status } = await cluster.call('POST', '/v2/agents', {
      key: 'clerk',
      role: 'clerk',
      description: 'd',
      instructions: 'i',
      path: 'tests',
      model: 'openai/scripted',
      settings: { tools: tools.map(([key]) => ({ type: 'http', key })) },
    })
    expect(status).toBe(201)
    return cluster
  })
  /**
   * Runs calls whose worker is killed during them. Returns the keys that the service received and the results that the
   * model received.
   */
  .extend(
    'killDuring',
    ({ cluster, service }) =>
      async (name: string, { times = 1, review }: { times?: number; review?: object } = {}) => {
        const first = service.requests.length
        service.reply(() => ({ fault: 'hang' }))
        const worker = await cluster.startWorker()
        const calls = Array.from({ length: times }, () => ({
          id: randomUUID(),
          name,
          arguments: {},
        }))
        const script = [{ calls }, { text: 'done' }]
        const message = {
          role: 'user',
          parts: [{ kind: 'text', text: JSON.stringify({ script }) }],
        }
        const path = '/v2/agents/clerk/responses'
        const { body } = await cluster.call('POST', path, { background: true, message })
        await expect
          .poll(() => service.requests.length)
          .toBe(first + Math.min(times, limits.callsAtOnce))
        await worker.kill()
        await cluster.expireLeases()

        service.reply(() => ({ body: { fine: true } }))
        await cluster.startWorker()
        const task = `${path}/${String(body['task_id'])}`
        if (review !== undefined) {
          const waiting = async () =>
            (await cluster.call('GET', '/v2/reviews')).body['data'] as object[]
          await expect.poll(waiting).toMatchObject([{ because: 'outcome_unknown' }])
          const [call] = calls
          await cluster.call('POST', `${task}/reviews/${call?.id}`, review)
        }
        const read = async () => (await cluster.call('GET', task)).body
        await expect.poll(async () => (await read())['status']).toBe('completed')
        const reported = cluster.model.requests
          .at(-1)
          ?.body.messages?.filter(({ role }) => role === 'tool')
        return {
          keys: service.requests.slice(first).map(({ headers }) => headers['idempotency-key']),
          readableFacts: reported?.map(({ content }) => String(content)) ?? [],
        }
      },
  )

test('a GET whose worker was killed is sent again, with the same key', async ({ killDuring }) => {
  const { keys, readableFacts: reported } = await killDuring('find')
  expect(keys).toHaveLength(2)
  expect(keys[0]).toMatch(/^resp_[0-9A-Z]{26}0001\../)
  expect(keys[1]).toBe(keys[0])
  expect(reported).toEqual(['{"fine":true}'])
})

test('a POST whose worker was killed is not sent again: the model receives an unknown outcome', async ({
  killDuring,
}) => {
  const { keys, readableFacts: reported } = await killDuring('order')
  expect(keys).toHaveLength(1)
  expect(reported).toEqual([expect.stringContaining('the outcome is unknown')])
})

test('of many POSTs, only those that were started have an unknown outcome', async ({
  killDuring,
}) => {
  const { keys, readableFacts: reported } = await killDuring('order', {
    times: limits.callsAtOnce + 3,
  })
  expect(new Set(keys).size).toBe(limits.callsAtOnce + 3)
  expect(keys).toHaveLength(limits.callsAtOnce + 3)
  expect(reported.filter((text) => text.includes('unknown'))).toHaveLength(limits.callsAtOnce)
  expect(reported.slice(limits.callsAtOnce)).toEqual(Array(3).fill('{"fine":true}'))
})

test('a POST that may be repeated is sent again, with the same key', async ({ killDuring }) => {
  const { keys, readableFacts: reported } = await killDuring('refund')
  expect(keys).toEqual([keys[0], keys[0]])
  expect(reported).toEqual(['{"fine":true}'])
})

test('a POST with on_crash: ask is sent again after an approval, with the same key', async ({
  killDuring,
}) => {
  const { keys, readableFacts: reported } = await killDuring('transfer', {
    review: { review: 'approved' },
  })
  expect(keys).toEqual([keys[0], keys[0]])
  expect(reported).toEqual(['{"fine":true}'])
})

test('and is not sent after a rejection: the model receives an unknown outcome', async ({
  killDuring,
}) => {
  const { keys, readableFacts: reported } = await killDuring('transfer', {
    review: { review: 'rejected', reason: 'it came through' },
  })
  expect(keys).toHaveLength(1)
  expect(reported).toEqual([expect.stringMatching(/outcome is unknown.*it came through/)])
})
