import { startRedisCluster } from '@longhaul/testbed'
import { expect, onTestFinished, test } from 'vitest'
import { connect } from './connect.ts'

test('commands reach the primary of their slot, and follow it', async () => {
  const cluster = await startRedisCluster()
  onTestFinished(() => cluster.stop())
  const nodes = cluster.nodes.map(({ server }) => ({ host: '127.0.0.1', port: server.port }))
  const redis = connect(
    { cluster: nodes.slice(0, 1), db: 0, tls: false },
    { role: 'work', onError: () => {} },
  )
  onTestFinished(() => redis.disconnect())
  for (let n = 0; n < 20; n += 1) await redis.set(`{k${n}}:a`, n)
  const [, second] = cluster.nodes
  const from = await cluster.primaryOf('{k1}:a')
  const to = cluster.nodes.find((node) => node !== from) ?? second
  if (to === undefined) throw new Error()
  await cluster.moveSlot('{k1}:a', to)
  for (let n = 0; n < 20; n += 1) expect(await redis.get(`{k${n}}:a`)).toBe(String(n))
})

test('connections become ready while a node of the cluster does not answer', async () => {
  const cluster = await startRedisCluster({ flags: ['--cluster-require-full-coverage', 'no'] })
  onTestFinished(() => cluster.stop())
  const [first, second] = cluster.nodes
  await second?.server.kill()
  const address = { host: '127.0.0.1', port: first?.server.port ?? 0 }
  // Each asks a random node for the state of the cluster.
  const connections = Array.from({ length: 12 }, () =>
    connect({ cluster: [address], db: 0, tls: false }, { role: 'work', onError: () => {} }),
  )
  onTestFinished(() => connections.forEach((redis) => redis.disconnect()))
  const key = '{k1}:a'
  expect(await cluster.primaryOf(key)).not.toBe(second)
  expect(await Promise.all(connections.map((redis) => redis.set(key, 1)))).toEqual(
    connections.map(() => 'OK'),
  )
})
