import type { Webhook } from '@longhaul/core'
import { createEgress, createNameResolver, parseHostAllowList } from '@longhaul/outbound'
import { createLogger } from '@longhaul/process'
import { createDeliveries, createDeliveryQueue, createWebhooks } from '@longhaul/redis'
import { test as base, volume } from '@longhaul/testbed'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished } from 'vitest'
import { serveEndpoints, type ServeDeps } from './serve-endpoints.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** A server, with the ids of the events that it got, and how many requests were open at most. */
async function receive(answer: Answer) {
  const got: string[] = []
  let [open, most] = [0, 0]
  const server = createServer((request, response) => {
    got.push(String(request.headers['webhook-id']))
    open += 1
    most = Math.max(most, open)
    response.on('close', () => {
      open -= 1
    })
    answer(request.resume(), response)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/`, got, most: () => most }
}

const test = base.extend('parts', async ({ redis }, { onCleanup }) => {
  const allow = parseHostAllowList(['127.0.0.1'])
  const names = createNameResolver()
  const webhooks = createWebhooks(redis, { shards: 1 })
  const deliveryQueue = createDeliveryQueue(redis, { shards: 1 })
  const [draining, stopped] = [new AbortController(), new AbortController()]
  let holders = 0
  const outcomes: string[] = []
  const deps: ServeDeps = {
    deliveryQueue,
    allow,
    egressOf: (workspace) => createEgress({ allow, resolve: names.of(workspace) }),
    open: (sealed) => sealed,
    now: Date.now,
    random: Math.random,
    newId: () => String((holders += 1)),
    leaseMs: 30_000,
    draining: draining.signal,
    stopped: stopped.signal,
    attempted: (outcome) => outcomes.push(outcome),
    log: createLogger({ name: 'test', level: 'silent' }),
  }
  const serving = new Set<Promise<void>>()
  onCleanup(async () => {
    draining.abort()
    stopped.abort()
    await Promise.all(serving)
  })
  return {
    deps,
    outcomes,
    deliveries: createDeliveries(redis),
    drain: () => draining.abort(),
    stop: () => stopped.abort(),
    /** Serves with so many tickets. */
    serve(tickets: number) {
      for (let at = 0; at < tickets; at += 1) serving.add(serveEndpoints(deps))
      return serving
    },
    async add(id: string, url: string, events: number) {
      const webhook: Webhook = {
        id,
        url,
        name: id,
        events: ['*'],
        contentType: 'json',
        secret: 'sealed',
        enabled: true,
        createdAt: 1,
        updatedAt: 1,
        createdBy: 'k',
        updatedBy: 'k',
      }
      await webhooks.create('acme', webhook)
      const served = { workspace: 'acme', webhookId: id }
      for (let at = 0; at < events; at += 1) {
        const delivery = { id: `${id}_${at}`, type: 'response.completed', body: '{}' }
        await deliveryQueue.put(served, delivery)
      }
    },
  }
})

test('a receiver that hangs holds five requests, and no event of another one waits for it', async ({
  parts,
}) => {
  const hanging = await receive(() => {})
  const quick = await receive((_, response) => response.end())
  await parts.add('slow', hanging.url, volume({ short: 200, long: 10_000 }))
  await parts.add('quick', quick.url, 20)
  parts.serve(2)
  await expect.poll(() => new Set(quick.got).size).toBe(20)
  expect(quick.got).toHaveLength(20)
  expect(hanging.most()).toBe(5)
  expect(hanging.got).toHaveLength(5)
})

test('two workers send each event of one endpoint once, five at once', async ({ parts }) => {
  const receiver = await receive((_, response) => setTimeout(() => response.end(), 20))
  await parts.add('one', receiver.url, 30)
  parts.serve(4)
  await expect.poll(() => receiver.got.length).toBe(30)
  expect(new Set(receiver.got).size).toBe(30)
  expect(receiver.most()).toBeLessThanOrEqual(5)
  await expect.poll(() => parts.outcomes.length).toBe(30)
})

test('a worker that shuts down leaves what it has not sent to another one', async ({ parts }) => {
  const hanging = await receive(() => {})
  await parts.add('slow', hanging.url, 10)
  const serving = parts.serve(1)
  await expect.poll(() => hanging.got.length).toBe(5)
  parts.drain()
  parts.stop()
  await Promise.all(serving)
  expect([hanging.got.length, parts.outcomes]).toEqual([5, []])
  const { items } = await parts.deliveries.list('acme', 'slow', { limit: 20 })
  expect(items.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 'pending'))
})

test('an answer that repeats the secret is kept without it', async ({ parts }) => {
  const receiver = await receive((_, response) => response.end('your secret is sealed'))
  await parts.add('tells', receiver.url, 1)
  await Promise.all(parts.serve(1))
  expect(await parts.deliveries.get('acme', 'tells', 'tells_0')).toMatchObject({
    status: 'delivered',
    attempts: [{ status: 200, answer: 'your secret is [secret]' }],
  })
})
