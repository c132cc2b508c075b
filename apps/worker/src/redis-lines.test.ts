import { type FlakyProxy, startFlakyProxy, startRedis, startCluster } from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'

const path = '/v2/agents/plain/responses'

test('work continues at a promoted replica, although the old primary still runs', async () => {
  const [old, next] = [await startServer(), await startServer()]
  const line = await startLine(old.url)
  await next.redis.replicaof('127.0.0.1', old.port)
  const plain = await startPlain({ api: line, worker: line })
  await plain.submit('first')
  await plain.completed()
  const replicated = async () => (await next.redis.info('replication')).includes('link_status:up')
  await expect.poll(replicated).toBe(true)

  await plain.submit('second', 500)
  await plain.asked(2)
  await old.redis.wait(1, 5_000)
  await next.redis.replicaof('NO', 'ONE')
  line.lead(next.url)
  await old.redis.replicaof('127.0.0.1', next.port)
  await plain.completed()
  await expect.poll(() => plain.submit('third')).toBe(200)
  await plain.completed()
  await plain.asked(3)
})

test('a worker takes jobs again after its connections have died silently', async () => {
  const server = await startServer()
  const [line, own] = [await startLine(server.url), await startLine(server.url)]
  const plain = await startPlain({ api: line, worker: own })
  await plain.submit('first')
  await plain.completed()
  own.swallow(true)
  own.swallow(false)
  expect(await plain.submit('second')).toBe(200)
  await plain.completed()
})

async function startPlain({ api, worker }: { api: FlakyProxy; worker: FlakyProxy }) {
  const env = { LONGHAUL_LOCK_MS: '1000', LONGHAUL_DRAIN_MS: '500' }
  const cluster = await startCluster({ redisUrl: api.url, workers: 0, env })
  onTestFinished(() => cluster.kill())
  await cluster.startWorker({ REDIS_URL: worker.url })
  await cluster.call('POST', '/v2/agents', {
    key: 'plain',
    role: 'tester',
    description: 'answers',
    instructions: 'answer',
    path: 'tests',
    model: 'openai/scripted',
    settings: { tools: [] },
  })
  let task = ''
  return {
    async submit(text: string, delay = 0): Promise<number> {
      const script = JSON.stringify({ script: [{ delay, text }] })
      const message = { role: 'user', parts: [{ kind: 'text', text: script }] }
      const { status, body } = await cluster.call('POST', path, { background: true, message })
      if (status === 200) task = String(body['task_id'])
      return status
    },
    asked: (times: number) => expect.poll(() => cluster.model.requests.length).toBe(times),
    completed: () =>
      expect
        .poll(async () => (await cluster.call('GET', `${path}/${task}`)).body['status'])
        .toBe('completed'),
  }
}

async function startServer() {
  // Otherwise it waits for its replica before it ends.
  const server = await startRedis({
    flags: ['--shutdown-timeout', '0', '--repl-diskless-sync-delay', '0'],
  })
  const redis = new Redis(server.url)
  onTestFinished(async () => {
    redis.disconnect()
    await server.stop()
  })
  return { redis, url: server.url, port: server.port }
}

async function startLine(url: string): Promise<FlakyProxy> {
  const line = await startFlakyProxy(url)
  onTestFinished(() => line.close())
  return line
}
