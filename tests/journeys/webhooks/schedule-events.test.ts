import { expect } from 'vitest'
import { test, typesOf } from '../../support/webhook-test.ts'

const daily = { type: 'cron', expression: '0 9 * * *', display_name: 'Report' }
const replying = (reply: object) => ({ input: JSON.stringify({ script: [reply] }) })

test('occurrences that are skipped, and a pause, have their events', async ({
  openai,
  cluster,
  agent,
  receive,
}) => {
  const receiver = await receive()
  await openai.webhooks.create({
    name: 'schedules',
    url: receiver.url,
    event_types: ['schedule.*' as 'response.failed'],
  })
  const all = `/v3/agents/${agent}/schedules`
  const made = await cluster.call('POST', all, { ...daily, payload: replying({ text: 'done' }) })
  const id = String(made.body['_id'])
  const span = { from: '2026-01-01T00:00:00Z', to: '2026-03-31T00:00:00Z' }
  await cluster.call('POST', `${all}/${id}/backfill`, span)
  await cluster.call('PATCH', `${all}/${id}`, { is_active: false })
  const runs = await cluster.call('GET', `${all}/${id}/runs?limit=100`)
  const skipped = (runs.body['runs'] as Record<string, string>[]).filter(
    ({ status }) => status === 'skipped',
  )
  expect(skipped.length).toBeGreaterThan(0)
  const about = (type: string) =>
    receiver.received.filter(({ event }) => event.type === type && event.data['id'] === id)
  await expect.poll(() => about('schedule.skipped').length).toBe(skipped.length)
  const times = about('schedule.skipped').map(({ event }) => event.data['scheduled_for'])
  expect(new Set(times)).toEqual(new Set(skipped.map((run) => run['scheduled_for'])))
  expect(about('schedule.skipped')[0]?.event.data).toMatchObject({
    agent,
    display_name: 'Report',
    kind: 'backfill',
    status: 'skipped',
    reason: 'paused',
  })
  await expect.poll(() => about('schedule.paused').length).toBe(1)
  expect(about('schedule.paused')[0]?.event.data).toMatchObject({ agent, reason: 'requested' })
})

test('a schedule that pauses because its runs fail has an event', async ({
  openai,
  cluster,
  agent,
  receive,
}) => {
  const receiver = await receive()
  await openai.webhooks.create({
    name: 'pauses',
    url: receiver.url,
    event_types: ['schedule.paused' as 'response.failed'],
  })
  const all = `/v3/agents/${agent}/schedules`
  const fields = { ...daily, payload: replying({ status: 401 }), pause_after_failures: 1 }
  const made = await cluster.call('POST', all, fields)
  const id = String(made.body['_id'])
  await cluster.call('POST', `${all}/${id}/execution`)
  await expect.poll(() => typesOf(receiver.received)).toEqual(['schedule.paused'])
  expect(receiver.received[0]?.event.data).toEqual({
    id,
    agent,
    display_name: 'Report',
    reason: 'failures',
    failures: 1,
  })
})
