import { type Cluster, startFaultProxy } from '@longhaul/testbed'
import { describe, expect, onTestFinished } from 'vitest'
import { redisTest } from '../plain.fixture.ts'

const agent = '/v3/agents/plain/schedules'

/** The writes of a firing: a text of the command, and of its answer. */
const writes = [
  ['the decision to fire', '"firing":{', /written/],
  ['the turn', '"assistantMessageId"', /accepted/],
  ['the outcome', '"triggerCount":1', /written/],
] as const

describe.each(writes)('a worker killed while it stores %s', (_, text, answer) => {
  redisTest.for(['before', 'after'] as const)(
    '%s Redis has it, fires the schedule once',
    async (when, { cluster, redis }) => {
      await cluster.killAllBut([])
      const before = await tasksOf(cluster)
      const id = await createSchedule(cluster)
      const proxy = await startFaultProxy(cluster.redisUrl)
      onTestFinished(() => proxy.close())
      const worker = await cluster.startWorker({ REDIS_URL: proxy.url })
      const killed = Promise.withResolvers<void>()
      proxy.set({
        text,
        when,
        answer,
        spring: () => void worker.kill().then(killed.resolve, killed.reject),
      })
      expect(await cluster.call('POST', `${agent}/${id}/execution`)).toMatchObject({ status: 202 })
      await killed.promise
      // What the dead worker had taken is due again after half a minute.
      await redis.zadd('{lh:s0}:due-schedules', 'XX', 0, id)
      await cluster.startWorker()
      const read = async () => (await cluster.call('GET', `${agent}/${id}`)).body['trigger_count']
      await expect.poll(read).toBe(1)
      const { body } = await cluster.call('GET', `${agent}/${id}/runs`)
      const [run, ...others] = body['runs'] as Record<string, unknown>[]
      expect(others).toEqual([])
      const task = String(run?.['task_id'])
      const added = (await tasksOf(cluster)).filter((each) => !before.includes(each))
      expect(added).toEqual([task])
      const path = `/v2/agents/plain/responses/${task}`
      const status = async () => (await cluster.call('GET', path)).body['status']
      await expect.poll(status).toBe('completed')
    },
  )
})

async function createSchedule(cluster: Cluster): Promise<string> {
  const { status, body } = await cluster.call('POST', agent, {
    type: 'once',
    expression: '@at 2090-01-01T00:00:00Z',
    display_name: 'Later',
    payload: { input: JSON.stringify({ script: [{ text: 'done' }] }) },
  })
  expect([status, body]).toEqual([201, body])
  return String(body['_id'])
}

async function tasksOf(cluster: Cluster): Promise<string[]> {
  const { body } = await cluster.call('GET', '/v2/agents/plain/responses')
  return (body['data'] as { task_id: string }[]).map(({ task_id: task }) => task)
}
