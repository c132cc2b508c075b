import { keysOf, openRedis } from '@longhaul/testbed'
import { expect } from 'vitest'
import { test } from '../../support/orq-test.ts'

const long = 'The beginning. '.repeat(2_000)
const script = JSON.stringify({ script: [{ text: [long] }] })
const message = { role: 'user', parts: [{ kind: 'text', text: script }] }
const left =
  /^The beginning\. .* \[the rest of 30002 characters is lost: Redis has no [0-9a-f]{64}\]$/

test('a task with a value that Redis has lost is readable with a placeholder, and cannot continue', async ({
  cluster,
  agent,
}) => {
  const path = `/v2/agents/${agent}/responses`
  const key = { 'idempotency-key': `lost-${agent}` }
  const send = async (body: object) =>
    await fetch(cluster.url + path, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${cluster.key}`,
        'content-type': 'application/json',
        ...key,
      },
      body: JSON.stringify(body),
    })
  const answered = (await (await send({ message, stream: true })).text()).match(/"taskId":"(\w+)"/)
  const task = answered?.[1] ?? ''
  const redis = openRedis(cluster.redisUrl)
  const blobs = await keysOf(redis, `*${task}:blob:*`)
  expect(blobs.length).toBeGreaterThanOrEqual(2)
  await redis.del(...blobs)
  redis.disconnect()

  const noted = { parts: [{ kind: 'text', text: expect.stringMatching(left) }] }
  const read = await cluster.call('GET', `${path}/${task}`)
  expect(read).toMatchObject({ status: 200, body: { status: 'completed', output: [noted] } })
  const list = await cluster.call('GET', path)
  expect(list).toMatchObject({ status: 200, body: { data: [{ task_id: task, output: [noted] }] } })
  const whole = await cluster.call('GET', `${path}/${task}?include=messages`)
  const asked = { role: 'user', parts: [{ text: expect.stringContaining('is lost') }] }
  expect(whole).toMatchObject({ status: 200, body: { output: [noted, asked, noted] } })
  const again = await send({ message, stream: true })
  expect(again.status).toBe(200)
  const events = await again.text()
  expect(events).toMatch(/"type":"part.done".*the rest of 30002 characters is lost/)
  expect(events).toContain('data: [DONE]')

  const next = { task_id: task, message: { ...message, parts: [{ kind: 'text', text: 'More?' }] } }
  const failed = await cluster.call('POST', path, next)
  expect(failed).toMatchObject({ status: 500, body: { error: { code: 'internal' } } })
  expect(failed.body['message']).toMatch(/^the log of the task cannot be read: blob/)
})
