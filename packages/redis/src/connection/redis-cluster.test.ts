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

test('a node that cannot be reached at its announced address is asked again and again', async () => {
  const flags = ['--cluster-announce-ip', '127.0.0.1', '--cluster-announce-port', '1']
  const cluster = await startRedisCluster({ primaries: 1, flags })
  onTestFinished(() => cluster.stop())
  const [node] = cluster.nodes
  const address = { host: '127.0.0.1', port: node?.server.port ?? 0 }
  let errors = 0
  const redis = connect(
    { cluster: [address], db: 0, tls: false },
    { role: 'work', onError: () => (errors += 1) },
  )
  onTestFinished(() => redis.disconnect())
  await expect.poll(() => errors).toBeGreaterThan(2)
})
