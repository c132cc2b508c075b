import { test } from '@longhaul/testing'
import { once } from 'node:events'
import { type AddressInfo, connect as dial, createServer } from 'node:net'
import { expect, onTestFinished } from 'vitest'
import { connect } from './connect.ts'

test('what a lost connection left unanswered is sent once more', async ({ redis, redisUrl }) => {
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
