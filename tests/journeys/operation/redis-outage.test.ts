import { startRedis, startCluster } from '@longhaul/testbed'
import { expect, onTestFinished, test } from 'vitest'

test('a turn outlives a kill and restart of Redis, and callers receive 503 meanwhile', async () => {
  const redis = await startRedis({ flags: ['--appendfsync', 'always'] })
  const cluster = await startCluster({ redisUrl: redis.url })
  onTestFinished(async () => {
    await cluster.kill()
    await redis.stop()
  })
  await cluster.call('POST', '/v2/agents', {
    key: 'patient',
    role: 'tester',
    description: 'waits',
    instructions: 'wait',
    path: 'tests',
    model: 'openai/scripted',
    settings: {},
  })
  const task = await submit({ script: [{ delay: 1_500, text: 'still here' }] })
  // Callers that wait for an answer still receive it, in both dialects.
  const input = JSON.stringify({ script: [{ delay: 1_500, text: 'still there' }] })
  const waited = cluster.call('POST', '/v1/responses', { model: 'agent/patient', input })
  await expect.poll(() => cluster.model.requests.length).toBe(2)
  await redis.kill()

  const refused = await fetch(`${cluster.url}/v2/agents/patient/responses/${task}`, {
    headers: { authorization: `Bearer ${cluster.key}` },
  })
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
  expect((await fetch(`${cluster.url}/readyz`)).status).toBe(503)
  expect((await fetch(`${cluster.url}/healthz`)).status).toBe(200)

  await redis.restart()
  await expect.poll(async () => (await read(task)).body['status']).toBe('completed')
  expect((await read(task)).body).toMatchObject({ output: [{ parts: [{ text: 'still here' }] }] })
  expect((await waited).body).toMatchObject({ object: 'response', status: 'completed' })
  expect(cluster.model.requests).toHaveLength(2)
  await expect
    .poll(async () => (await read(await submit({ script: [{ text: 'new' }] }))).status)
    .toBe(200)

  function read(id: string) {
    return cluster.call('GET', `/v2/agents/patient/responses/${id}`)
  }

  async function submit(script: unknown): Promise<string> {
    const message = { role: 'user', parts: [{ kind: 'text', text: JSON.stringify(script) }] }
    const { body } = await cluster.call('POST', '/v2/agents/patient/responses', {
      background: true,
      message,
    })
    return String(body['task_id'])
  }
})
