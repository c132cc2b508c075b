import { startCluster, test, testKey } from '@longhaul/testbed'
import { expect, onTestFinished } from 'vitest'
import { newAgent } from '../../support/new-agent.ts'
import { script } from '../../support/orq-requests.ts'

test('the overview counts turns, jobs and workers, in every shard and in all', async ({
  redisUrl,
}) => {
  const env = { LONGHAUL_SHARDS: '2', LONGHAUL_DRAIN_MS: '0' }
  const cluster = await startCluster({ redisUrl, workers: 0, env })
  onTestFinished(() => cluster.kill())
  const overview = async () => (await cluster.call('GET', '/v2/admin')).body
  const { key, ...agent } = newAgent()
  await cluster.call('POST', '/v2/agents', { key, ...agent })
  const submit = async (turn: object) => {
    const path = `/v2/agents/${key}/responses`
    const { body } = await cluster.call('POST', path, { background: true, ...turn })
    return String(body['task_id'])
  }

  const nothing = { queued: 0, running: 0, jobs_waiting: 0, failed: 0, ended: 0, paused: false }
  expect(await overview()).toMatchObject({
    total: nothing,
    shards: [
      { shard: 0, ...nothing },
      { shard: 1, ...nothing },
    ],
    workers: [],
  })
  const turns = [script({ fault: 'hang' }), script({ status: 401 }), script({ text: 'done' })]
  await Promise.all(turns.map(submit))
  const waiting = await overview()
  expect(waiting['total']).toMatchObject({ ...nothing, queued: 3, jobs_waiting: 3 })
  const shards = waiting['shards'] as { queued: number }[]
  expect(shards.reduce((sum, { queued }) => sum + queued, 0)).toBe(3)

  await cluster.startWorker()
  const after = { ...nothing, running: 1, failed: 1, ended: 2 }
  await expect.poll(async () => (await overview())['total']).toMatchObject(after)
  expect((await overview())['workers']).toEqual([
    {
      id: expect.stringMatching(/^[0-9A-Z]{26}$/),
      last_beat: expect.stringMatching(/^\d{4}-/),
      silent_seconds: expect.any(Number),
      alive: true,
    },
  ])
})

test('an operator key that is also the key of a workspace is refused', async ({
  redisUrl,
  startApp,
}) => {
  const env = {
    REDIS_URL: redisUrl,
    LONGHAUL_API_KEYS: `acme:${testKey}`,
    LONGHAUL_OPERATOR_KEY: testKey,
  }
  await expect(startApp('api', env)).rejects.toThrow(
    /LONGHAUL_OPERATOR_KEY must be a key of its own/,
  )
})
