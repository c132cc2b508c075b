import { shardKeys } from '@longhaul/redis'
import type { Redis } from 'ioredis'
import type { Attack, Finding, Prepare } from '../attack.ts'
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
    const { beta, redis, workspace } = context
    const queued = await fillBacklog(context, count)
    const ofBeta = await createAgent(beta, `neighbour-${workspace}`)

    return async () => {
      const passed: number[] = []
      for (let turn = 0; turn < turnsOfBeta; turn += 1) {
        const task = await submit(beta, ofBeta, scripted({ text: 'done' }))
        await ended(context, beta, `/v2/agents/${ofBeta}/responses/${task}`)
        passed.push(await startsDuring(redis, { task, tasks: queued.tasks }))
      }
      return await judge(context, passed, queued.tasks)
    }
  }
}

/** The same with fairness keys of one workspace: one key queues many turns, and another one ten at once. */
function queueTurnsOfKey(count: number): Prepare {
  return async (context) => {
    const { alpha, redis } = context
    const queued = await fillBacklog(context, count, fairnessKey('loud'))

    return async () => {
      const quiet = { ...scripted({ delay: 1_000, text: 'done' }), ...fairnessKey('quiet') }
      const tasks = await Promise.all(
        Array.from({ length: turnsOfBeta }, () => submit(alpha, queued.agent, quiet)),
      )
      for (const task of tasks)
        await ended(context, alpha, `/v2/agents/${queued.agent}/responses/${task}`)
      const times = await timesOf(redis, tasks)
      const starts = times.filter((_, place) => place % 2 === 1).toSorted((a, b) => a - b)
      const others = await startsOf(redis, queued.tasks)
      // The first one waits from its submission on, each other one from the start of the one before it.
      const passed = starts.map((start, at) => {
        const since = starts[at - 1] ?? times[0] ?? 0
        return others.filter((other) => other > since && other < start).length
      })
      return await judge(context, passed, queued.tasks)
    }
  }
}

const fairnessKey = (name: string) => ({ longhaul: { fairness_key: name } })

/** Queues turns of alpha, of which each holds its slot for some seconds. */
async function fillBacklog({ alpha, many }: AttackContext, count: number, more: object = {}) {
  const agent = await createAgent(alpha, 'hoarder')
  const tasks: string[] = []
  let made = 0
  const over = performance.now() + submitMs
  const submitAll = async () => {
    while (made < many(count) && performance.now() < over) {
      made += 1
      const delay = 2_000 + 100 * (made % 40)
      tasks.push(await submit(alpha, agent, { ...scripted({ delay, text: 'done' }), ...more }))
    }
  }
  await Promise.all(Array.from({ length: submittedAtOnce }, submitAll))
  return { agent, tasks }
}

/** Whether more turns than there are slots started before one that waited. In the end, turns must still wait. */
async function judge(
  { redis, workspace }: AttackContext,
  passed: number[],
  tasks: string[],
): Promise<Finding> {
  const left = Number(await redis.hget(shardKeys(0).workspaceState(workspace), 'queued'))
  const most = Math.max(...passed)
  return {
    seen: `at most ${most} of ${tasks.length} turns started before one of the other, ${left} still wait`,
    wrong: [
      ...(most > slots ? [`${most} turns of alpha started before one of the other`] : []),
      ...(left === 0 ? ['no turn of alpha waited in the end'] : []),
    ],
  }
}

/** How many of these tasks started while another one waited for its start. */
async function startsDuring(
  redis: AttackContext['redis'],
  { task, tasks }: { task: string; tasks: string[] },
): Promise<number> {
  const [queued = 0, started = Infinity] = await timesOf(redis, [task])
  const starts = await startsOf(redis, tasks)
  return starts.filter((at) => at > queued && at < started).length
}

async function startsOf(redis: Redis, tasks: string[]): Promise<number[]> {
  return (await timesOf(redis, tasks)).filter((_, place) => place % 2 === 1)
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
  variants: {
    'ten thousand turns': queueTurns(10_000),
    'ten thousand turns of a fairness key': queueTurnsOfKey(10_000),
  },
  spoils: true,
}
