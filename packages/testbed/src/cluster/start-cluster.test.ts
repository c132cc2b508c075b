import { readFile } from 'node:fs/promises'
import { expect, onTestFinished, test as plain } from 'vitest'
import { test } from '../vitest/fixtures.ts'
import { startCluster } from './start-cluster.ts'

test('a process that replaces a killed one has its environment and a new name', async ({
  redisUrl,
}) => {
  const lost: string[] = []
  const cluster = await startCluster({ redisUrl, onLoss: ({ name }) => lost.push(name) })
  onTestFinished(() => cluster.kill())
  const worker = await cluster.startWorker((name) => ({ OPENAI_API_KEY: `key-of-${name}` }))
  expect(worker.name).toBe('worker-2')
  const fresh = await cluster.restart(worker)
  expect([worker.alive(), fresh.alive(), fresh.name]).toEqual([false, true, 'worker-3'])
  expect(cluster.workers.map(({ name }) => name)).toEqual(['worker-1', 'worker-3'])
  expect([...cluster.logs.keys()].toSorted()).toEqual(['api-1', 'worker-1', 'worker-2', 'worker-3'])
  const environment = await readFile(`/proc/${fresh.pid}/environ`, 'utf8')
  expect(environment.split('\0')).toContain('OPENAI_API_KEY=key-of-worker-3')
  expect(await cluster.workers[0]?.stop()).toBe(0)
  expect(lost).toEqual([])
})

test('a process that ends by itself is reported, and a paused one is not', async ({ redisUrl }) => {
  const lost = Promise.withResolvers<string>()
  const onLoss = ({ name }: { name: string }) => lost.resolve(name)
  const cluster = await startCluster({ redisUrl, workers: 2, onLoss })
  onTestFinished(() => cluster.kill())
  const [paused, killed] = cluster.workers
  paused?.pause()
  killed?.send('SIGKILL')
  expect(await lost.promise).toBe(killed?.name)
  expect(paused?.alive()).toBe(true)
  paused?.resume()
  expect(await paused?.stop()).toBe(0)
})

plain('a cluster without a given Redis starts one that ends with it', async () => {
  const cluster = await startCluster({ workers: 0 })
  onTestFinished(() => cluster.kill())
  const pid = cluster.redis?.pid ?? 0
  expect((await cluster.call('GET', '/readyz')).status).toBe(200)
  await cluster.stop()
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})

test('a cluster that cannot start leaves no process', async ({ redisUrl }) => {
  const log: string[][] = []
  const starting = startCluster({
    redisUrl,
    env: (name) => (name === 'worker-1' ? { LONGHAUL_LOCK_MS: 'wrong' } : {}),
    onLoss: (lost) => log.push(lost.log),
  })
  await expect(starting).rejects.toThrow(/^the worker did not start: .*\n[^]*LONGHAUL_LOCK_MS/)
  expect(log).toEqual([])
})
