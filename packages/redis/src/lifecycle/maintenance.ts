import {
  jobId,
  type Job,
  LonghaulError,
  parseResponseId,
  type TurnRef,
  type Upkeep,
} from '@longhaul/core'
import type { Redis } from 'ioredis'
import { type Forgotten, forgetTask } from './purge-task.ts'
import { shardKeys, taskKeys } from '../connection/keys.ts'
import { createKin } from './parent-child-links.ts'
import { readEnd } from './outside-end.ts'
import { loadScript, runScript } from '../connection/script.ts'
import { type Bulk, createTransfers, sizeOf } from '../connection/transfers.ts'
import { guarded, wasRefused } from '../connection/unavailable.ts'

const scripts = {
  takeDue: loadScript('task/take-due'),
  expireLease: loadScript('turn/expire-lease'),
  expireTurn: loadScript('turn/expire-turn'),
  resume: loadScript('turn/resume'),
  workerBeat: loadScript('admin/record-worker-beat'),
  duePurges: loadScript('task/list-due-purges'),
  agentDeleted: loadScript('admin/mark-agent-deleted'),
}

const deadlinePassed = { code: 'deadline', message: 'the turn has passed its deadline' } as const

/** How long a shard stays with the process that purges it; each batch prolongs that. */
const purgerMs = 5_000

/** What a reconciler reads and mends of one shard, in Redis, as the process `worker`. */
export function createUpkeep(
  redis: Redis,
  options: { worker?: string; clock?: () => number; bulk?: Bulk } = {},
): Upkeep {
  const now = () => options.clock?.() ?? ''
  const transfers = createTransfers(redis, options.bulk)
  const kinOf = createKin(transfers, options)

  async function redisTime(): Promise<number> {
    const given = options.clock?.()
    if (given !== undefined) return given
    const [seconds, micros] = await guarded(() => redis.time())
    return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000)
  }

  /**
   * Serves what is due of a set, about `limit` of it, and returns what failed. What fails stays due: it must
   * not hold up what is behind it.
   */
  async function serveDue(
    key: string,
    limit: number,
    serveOne: (member: string) => Promise<void>,
  ): Promise<unknown[]> {
    const failures: unknown[] = []
    for (let served = 0; served < limit;) {
      const till = await redisTime()
      const skip = failures.length
      const members = await guarded(() =>
        redis.zrangebyscore(key, '-inf', till, 'LIMIT', skip, limit),
      )
      for (const member of members) {
        try {
          await serveOne(member)
          served += 1
        } catch (error) {
          if (isAway(error)) throw error
          failures.push(error)
        }
      }
      if (members.length < limit) break
    }
    return failures
  }

  /** What became of the turn that a member of `deadlines` names: `<response id>:end`, `:wake` or `:cancel`. */
  async function serve(member: string, againMs: number): Promise<'ended' | 'resumed' | 'gone'> {
    const [responseId = '', what] = member.split(':')
    const turn = parseResponseId(responseId)
    if (turn === undefined) return 'gone'
    if (what === 'cancel') {
      await kinOf.cancelChild(turn.taskId)
      return 'gone'
    }
    if (what === 'end') return (await expireTurn(member, turn)) ? 'ended' : 'gone'
    return (await resume(member, turn.taskId, againMs)) ? 'resumed' : 'gone'
  }

  async function resume(member: string, taskId: string, againMs: number): Promise<boolean> {
    const { head, shard } = taskKeys(taskId)
    const keys = [head, shard.outbox, shard.deadlines, ...shard.addJob]
    const args = [now(), taskId, member, shard.queue, againMs]
    return (await runScript(redis, scripts.resume, keys, args)) === 1
  }

  async function expireTurn(member: string, turn: TurnRef): Promise<boolean> {
    const { blob, toEnd } = taskKeys(turn.taskId)
    for (;;) {
      const end = await readEnd(transfers, turn.taskId, deadlinePassed)
      const args = [
        now(),
        turn.taskId,
        member,
        end.folded,
        end.fact,
        end.status,
        end.result,
        ...end.blobs.values(),
      ]
      const keys = [...toEnd, ...[...end.blobs.keys()].map(blob)]
      const outcome = await transfers.move(sizeOf(args), turn, (on) =>
        runScript(on, scripts.expireTurn, keys, args),
      )
      if (outcome === 'stale') continue
      if (outcome === 'ended') await kinOf.settle(turn.taskId)
      return outcome === 'ended'
    }
  }

  return {
    async dueOutbox(shard, againMs, limit) {
      const jobs = (await runScript(
        redis,
        scripts.takeDue,
        [shardKeys(shard).outbox],
        [now(), againMs, limit],
      )) as string[]
      return jobs.flatMap((id) => parseJobId(id) ?? [])
    },

    async expireLeases(shard, againMs, limit) {
      const expired: Job[] = []
      const failures = await serveDue(shardKeys(shard).leases, limit, async (id) => {
        const job = parseJobId(id)
        if (job === undefined) return
        const next = { ...job, segment: job.segment + 1 }
        const keys = taskKeys(job.taskId)
        const taken = await runScript(
          redis,
          scripts.expireLease,
          [keys.head, keys.shard.outbox, keys.shard.leases],
          [now(), id, jobId(next.taskId, next.turn, next.segment), next.segment, againMs],
        )
        if (taken === 1) expired.push(next)
      })
      return { jobs: expired, failures }
    },

    async serveDeadlines(shard, againMs, limit) {
      const count = { ended: 0, resumed: 0, gone: 0 }
      let refusal: LonghaulError | undefined
      const failures = await serveDue(shardKeys(shard).deadlines, limit, async (member) => {
        // A full Redis that has refused to queue one parked turn would refuse all of them.
        const wakes = member.endsWith(':wake')
        if (wakes && refusal !== undefined) throw refusal
        try {
          count[await serve(member, againMs)] += 1
        } catch (error) {
          if (wakes && wasRefused(error)) refusal = error
          throw error
        }
      })
      return { ...count, failures }
    },

    serveAnswers: (shard, againMs, limit) => kinOf.serveAnswers(shard, againMs, limit),

    async purgeDue(shard, limit, skip = 0) {
      const { forget, purger } = shardKeys(shard)
      const due = (await runScript(
        redis,
        scripts.duePurges,
        [forget, purger],
        [now(), options.worker ?? '', limit, skip, purgerMs],
      )) as string[]
      // All at once, each a script of its own: Redis serves others between any two.
      const purges = await Promise.allSettled(
        due.map((taskId) => forgetTask(redis, taskId, { now: now(), whenDue: true })),
      )
      return {
        due: due.length,
        purged: purges.filter((purge) => purge.status === 'fulfilled' && isGone(purge.value))
          .length,
        failures: purges.flatMap((purge) => (purge.status === 'rejected' ? [purge.reason] : [])),
      }
    },

    async workerAlive(shard, worker) {
      await runScript(redis, scripts.workerBeat, [shardKeys(shard).workers], [now(), worker])
    },

    async workerGone(shard, worker) {
      await guarded(() => redis.zrem(shardKeys(shard).workers, worker))
    },

    async agentDeleted(shard, { agentId, tasks }) {
      const { deletedAgents, agentsToPurge } = shardKeys(shard)
      const keys = [deletedAgents, agentsToPurge]
      await runScript(redis, scripts.agentDeleted, keys, [now(), agentId, tasks])
    },

    async deletedAgents(shard) {
      const { deletedAgents, agentsToPurge } = shardKeys(shard)
      const [purged, cancelled] = await guarded(() =>
        Promise.all([
          redis.zrange(agentsToPurge, '0', '-1'),
          redis.zrange(deletedAgents, '0', '-1'),
        ]),
      )
      return [
        ...purged.map((agentId) => ({ agentId, tasks: 'delete' as const })),
        ...cancelled.map((agentId) => ({ agentId, tasks: 'cancel' as const })),
      ]
    },

    async tasksOfAgent(shard, agentId, limit) {
      return await guarded(() =>
        redis.zrange(shardKeys(shard).byAgent(agentId), '0', `${limit - 1}`),
      )
    },

    async taskOfAgentDone(shard, agentId, taskId) {
      await guarded(() => redis.zrem(shardKeys(shard).byAgent(agentId), taskId))
    },

    async agentDone(shard, agentId, deletedForMs) {
      const before = (await redisTime()) - deletedForMs
      const { deletedAgents, agentsToPurge } = shardKeys(shard)
      for (const set of [deletedAgents, agentsToPurge]) {
        const at = await guarded(() => redis.zscore(set, agentId))
        if (at !== null && Number(at) <= before) await guarded(() => redis.zrem(set, agentId))
      }
    },
  }
}

/** Whether Redis cannot be reached: then it cannot be for the next entry either. */
function isAway(error: unknown): boolean {
  return error instanceof LonghaulError && error.code === 'unavailable' && !wasRefused(error)
}

function isGone(outcome: Forgotten): boolean {
  return outcome === 'forgotten' || outcome === 'not_found'
}

/** The segment of a turn that a job's id names; undefined when it is not one. */
export function parseJobId(id: string): Job | undefined {
  const [response = '', segment] = id.split('.')
  const turn = parseResponseId(response)
  return turn === undefined ? undefined : { ...turn, segment: Number(segment) }
}
