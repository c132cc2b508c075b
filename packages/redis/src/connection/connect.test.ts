import { startFlakyProxy, startRedis, test } from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { once } from 'node:events'
import { type AddressInfo, connect as dial, createServer } from 'node:net'
import { describe, expect, onTestFinished } from 'vitest'
import { connect } from './connect.ts'

test('commands without a reply on a lost connection are sent once more', async ({
  redis,
  redisUrl,
}) => {
  await redis.set('a', 'here')
  const { port, hostname } = new URL(redisUrl)
  const proxy = createServer((client) => {
    const server = dial(Number(port), hostname)
    for (const socket of [client, server]) socket.on('error', () => {})
    client.on('close', () => server.destroy()).pipe(server)
    server.on('data', (reply) => {
      const cut = reply.indexOf('$4\r\nhere\r\n')
      if (cut === -1) client.write(reply)
      else client.end(reply.subarray(0, cut + 10))
    })
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  const url = new URL(redisUrl)
  url.host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`
  const requests = connect(url.href, { role: 'requests', onError: () => {} })
  onTestFinished(() => {
    requests.disconnect()
    proxy.close()
  })
  await once(requests, 'ready')

  const [first, second] = await Promise.allSettled([requests.get('a'), requests.get('b')])
  expect(first).toMatchObject({ value: 'here' })
  expect(second).toMatchObject({ value: null })
})

describe('a connection to a primary that becomes a replica', () => {
  test('leads to the new primary from then on', async () => {
    const [old, next] = await Promise.all([startServer(), startServer()])
    const proxy = await startFlakyProxy(old.url)
    const work = connect(proxy.url, { role: 'work', onError: () => {} })
    onTestFinished(async () => {
      work.disconnect()
      await proxy.close()
    })
    await work.set('a', '1')
    proxy.lead(next.url)
    await old.redis.replicaof('127.0.0.1', next.port)
    await expect(work.set('a', '2')).rejects.toThrow(/^READONLY/)
    await work.set('a', '3')
    expect(await next.redis.get('a')).toBe('3')
  })

  test('does not reconnect with every command while there is no new primary', async () => {
    const { redis, url } = await startServer()
    const work = connect(url, { role: 'work', onError: () => {} })
    onTestFinished(() => work.disconnect())
    await work.set('a', '1')
    await redis.replicaof('127.0.0.1', '1')
    const connections = async () =>
      Number(/total_connections_received:(\d+)/.exec(await redis.info('stats'))?.[1])
    const before = await connections()
    for (let tries = 0; tries < 50; tries += 1) {
      await expect(work.set('a', '2')).rejects.toThrow(/^READONLY/)
    }
    expect((await connections()) - before).toBeLessThan(25)
  })
})

async function startServer() {
  // Otherwise the server would wait for its replica before it exits.
  const server = await startRedis({ flags: ['--shutdown-timeout', '0'] })
  const redis = new Redis(server.url)
  onTestFinished(async () => {
    redis.disconnect()
    await server.stop()
  })
  return { redis, url: server.url, port: server.port }
}
