import { startStack, test } from '@longhaul/testing'
import { expect } from 'vitest'
import { newAgent } from './new-agent.ts'
import { user } from './talk.ts'

test('a caller that waits when the API is told to go learns which task to read', async ({
  redis,
  redisUrl,
}) => {
  expect(await redis.dbsize()).toBe(0)
  const stack = await startStack({ redisUrl, env: { LONGHAUL_DRAIN_MS: '20000' } })
  try {
    const agent = newAgent()
    await stack.call('POST', '/v2/agents', { ...agent, model: 'openai/scripted' })
    stack.model.reply([{ delay: 3_000, text: 'late' }])
    const call = stack.call('POST', `/v2/agents/${agent.key}/responses`, user('take your time'))
    await expect.poll(() => stack.model.requests.length).toBe(1)
    const sentAt = performance.now()
    const [{ status, body }, code] = await Promise.all([call, stack.api.stop()])
    expect(performance.now() - sentAt).toBeLessThan(2_500)
    expect([status, code]).toEqual([504, 0])
    expect(body).toMatchObject({
      task_id: expect.stringMatching(/^[0-9A-Z]{26}$/),
      error: { code: 'wait_expired' },
    })
  } finally {
    await stack.stop()
  }
})
