import { Redis } from 'ioredis'
import { expect, onTestFinished } from 'vitest'
import { submit, test } from '../plain.fixture.ts'

const day = 86_400_000

test('no plan is stored longer than the tasks that may need it, for any versions of its agent', async ({
  cluster,
}) => {
  const redis = new Redis(cluster.redisUrl)
  onTestFinished(() => redis.disconnect())
  for (const instructions of ['one', 'two', 'three', 'four']) {
    await cluster.call('PATCH', '/v2/agents/plain', { instructions })
    await submit(cluster, [{ text: 'never asked for' }])
  }
  const own = { model: 'openai/scripted', input: 'hi', instructions: 'own', background: true }
  expect((await cluster.call('POST', '/v1/responses', own)).status).toBe(200)
  expect((await cluster.call('DELETE', '/v2/agents/plain')).status).toBe(204)
  const plans = await redis.keys(`{lh:w:${cluster.workspace}}:plan:*`)
  expect(plans.length).toBe(5)
  for (const plan of plans) expect(await redis.pttl(plan)).toBeGreaterThan(30 * day)
})
