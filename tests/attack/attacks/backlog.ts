import { shardKeys } from '@longhaul/redis'
import type { Redis } from 'ioredis'
import type { Attack, Prepare } from '../attack.ts'
import { type AttackContext, createAgent, ended, scripted, submit } from '../attack-context.ts'

const submittedAtOnce = 50
/** After this time, in milliseconds, a slow machine begins with the turns that it has. */
const submitMs = 15_000
const turnsOfBeta = 10
/** The slots of one worker: so many turns of alpha may start before one of beta. */
const slots = 100

/** Queues many turns, of which each holds its slot for some seconds. Then beta submits one turn after the other. */
function queueTurns(count: number): Prepare {
  return async (context) => {
    const { alpha, beta, redis, workspace, many } = context
    const agent = await createAgent(alpha, 'hoarder')
    const ofBeta = await createAgent(beta, `neighbour-${workspace}`)
    const tasks: string[] = []
    let made = 0
    const over = performance.now() + submitMs
    const submitAll = async () => {
      while (made < many(count) && performance.now() < over) {
        made += 1
        const delay = 2_000 + 100 * (made % 40)
        tasks.push(await submit(alpha, agent, scripted({ delay, text: 'done' })))
      }
    }
    await Promise.all(Array.from({ length: submittedAtOnce }, submitAll))

    return async () => {
      const passed: number[] = []
      for (let turn = 0; turn < turnsOfBeta; turn += 1) {
        const task = await submit(beta, ofBeta, scripted({ text: 'done' }))
        await ended(context, beta, `/v2/agents/${ofBeta}/responses/${task}`)
        passed.push(await startsDuring(redis, { task, tasks }))
      }
      const left = await redis.zcard(shardKeys(0).backlog(workspace, ''))
      const most = Math.max(...passed)
      return {
        seen: `at most ${most} of ${made} turns started before one of beta, ${left} still wait`,
        wrong: [
          ...(most > slots ? [`${most} turns of alpha started before one of beta`] : []),
          ...(left < many(count) / 4 ? [`only ${left} turns of alpha waited in the end`] : []),
        ],
      }
    }
  }
}

/** How many of these tasks started while another one waited for its start. */
async function startsDuring(
  redis: AttackContext['redis'],
  { task, tasks }: { task: string; tasks: string[] },
): Promise<number> {
  const [queued = 0, started = Infinity] = await timesOf(redis, [task])
  const starts = (await timesOf(redis, tasks)).filter((_, place) => place % 2 === 1)
  return starts.filter((at) => at > queued && at < started).length
}

/** When each of these tasks was queued, and when it started. */
async function timesOf(redis: Redis, tasks: string[]): Promise<number[]> {
  const read = tasks.map((task) => ['lrange', `${shardKeys(0).tag}:task:${task}:log`, '0', '1'])
  const logs = (await redis.pipeline(read).exec()) ?? []
  return logs.flatMap(([, facts]) => {
    const [queued, started] = (facts as string[]).map((fact) => JSON.parse(fact) as { at: number })
    return [queued?.at ?? 0, started?.at ?? Infinity]
  })
}

export const backlog: Attack = {
  name: 'backlog',
  does: 'queues very many turns, which hold all slots for long',
  variants: { 'ten thousand turns': queueTurns(10_000) },
  spoils: true,
}
