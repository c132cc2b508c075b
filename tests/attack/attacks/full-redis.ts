import { testOperatorKey } from '@longhaul/testbed/servers'
import type { Attack, Prepare } from '../attack.ts'
import { createClient } from '../client.ts'
import { createAgent, message, submit } from '../attack-context.ts'

/** The sorted set of tasks by the end of their retention. */
const purgeable = '{lh:s0}:forget'

/** Fills Redis with tasks that are due to be purged, and one queued turn. */
const fill: Prepare = async ({ url, alpha, redis, signal, many, until }) => {
  const agent = await createAgent(alpha, 'filler', { model: 'demo/instant' })
  const text = 'x'.repeat(200_000)
  const tasks = await Promise.all(
    Array.from({ length: many(60) }, () => submit(alpha, agent, message(text))),
  )
  await until(async () => {
    const known = new Set(await redis.zrange(purgeable, '0', '-1'))
    return tasks.every((task) => known.has(task)) ? true : undefined
  })
  const operator = createClient(url, testOperatorKey, signal)
  await operator.call('POST', '/v2/admin/pause', {})
  await submit(alpha, agent, message('waits'))
  return async () => {
    const used = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1])
    await redis.zadd(purgeable, 'XX', ...tasks.flatMap((task) => [0, task]))
    await redis.config('SET', 'maxmemory', used - 3_000_000)
    try {
      const startedAt = performance.now()
      const took = () => Math.round(performance.now() - startedAt)
      let refused = 0
      const accepted = await until(async () => {
        const path = `/v2/agents/${agent}/responses`
        const reply = await alpha.call('POST', path, { background: true, ...message('small') })
        if (reply.status === 200) return true
        refused += 1
        return took() > 15_000 ? false : undefined
      })
      const left = (await redis.zrange(purgeable, '0', '-1')).filter((id) => tasks.includes(id))
      return {
        seen: `${refused} were refused in ${took()} ms, ${left.length} tasks are left`,
        wrong: accepted ? [] : ['a full Redis did not empty itself'],
      }
    } finally {
      await redis.config('SET', 'maxmemory', 0)
      await operator.call('POST', '/v2/admin/resume', {})
    }
  }
}

export const fullRedis: Attack = {
  name: 'full-redis',
  does: 'fills Redis',
  variants: { 'beside an overdue turn': fill },
  withoutNeighbours: true,
  spoils: true,
}
