import {
  limits,
  OccurrenceRecord,
  Schedule,
  ScheduleState,
  type ScheduleStore,
  shardOf,
  type StoredSchedule,
  wellFormedJson,
  workspaceFull,
} from '@longhaul/core'
import type { Redis } from 'ioredis'
import { randomUUID } from 'node:crypto'
import { scheduleKeys, shardKeys } from '../connection/keys.ts'
import { createTime } from '../connection/redis-time.ts'
import { guarded } from '../connection/unavailable.ts'
import { toStored } from '../log/to-stored.ts'
import { runScript } from '../lua/run-script.ts'
import { createScheduleScript } from '../lua/schedules/create-schedule.ts'
import { removeScheduleScript } from '../lua/schedules/remove-schedule.ts'
import { takeDueSchedulesScript } from '../lua/schedules/take-due-schedules.ts'
import { writeScheduleScript } from '../lua/schedules/write-schedule.ts'

type Options = { shards: number; clock?: () => number; most?: number }

/**
 * Schedules in Redis. A schedule is one hash: `definition` and `state` as JSON, `revision`, the latest `write`, and the
 * `workspace` and the `agent` that it belongs to.
 */
export function createScheduleStore(
  redis: Redis,
  { shards, clock, most = limits.schedules.perWorkspace }: Options,
): ScheduleStore {
  const clockTime = (): number | '' => clock?.() ?? ''
  const allShards = Array.from({ length: shards }, (_, shard) => shardKeys(shard))

  async function get(id: string): Promise<StoredSchedule | undefined> {
    const { schedule } = scheduleKeys(id)
    const [definition, state, revision] = await guarded(() =>
      redis.hmget(schedule, 'definition', 'state', 'revision'),
    )
    if (definition == null || state == null) return undefined
    return {
      schedule: Schedule.parse(JSON.parse(wellFormedJson(definition))),
      state: ScheduleState.parse(JSON.parse(state)),
      revision: Number(revision),
    }
  }

  async function remove(id: string): Promise<boolean> {
    const keys = scheduleKeys(id)
    const [workspace, agentId] = await guarded(() =>
      redis.hmget(keys.schedule, 'workspace', 'agent'),
    )
    if (workspace == null || agentId == null) return false
    const call = removeScheduleScript.call(
      { ...keys, ...indexesOf({ id, workspace, agentId }) },
      { id },
    )
    return await runScript(redis, call)
  }

  return {
    get,
    remove,
    time: createTime(redis, { clock }),

    async create({ schedule, state, dueAt }) {
      const { id, workspace, agentId } = schedule
      const counts = await guarded(() =>
        Promise.all(allShards.map((keys) => redis.zcard(keys.schedulesOfWorkspace(workspace)))),
      )
      const own = counts[shardOf(id)] ?? 0
      const call = createScheduleScript.call(
        { ...scheduleKeys(id), ...indexesOf(schedule) },
        {
          id,
          workspace,
          agentId,
          definition: toStored(schedule),
          state: toStored(state),
          dueAt,
          others: counts.reduce((sum, count) => sum + count, 0) - own,
          maxSchedules: most,
        },
      )
      if ((await runScript(redis, call)) === 'full') throw workspaceFull('schedules')
    },

    async list(agentId) {
      const ids = await guarded(() =>
        Promise.all(
          allShards.map((keys) => redis.zrange(keys.schedulesOfAgent(agentId), '0', '-1')),
        ),
      )
      const newestFirst = ids.flat().toSorted((a, b) => (a < b ? 1 : -1))
      const found = await Promise.all(newestFirst.map(get))
      return found.flatMap((stored) => stored ?? [])
    },

    async listAll(workspace, { after, limit }) {
      const below = after === undefined ? '+' : `(${after}`
      const ids = await guarded(() =>
        Promise.all(
          allShards.map((keys) =>
            redis.zrevrangebylex(
              keys.schedulesOfWorkspace(workspace),
              below,
              '-',
              'LIMIT',
              0,
              limit + 1,
            ),
          ),
        ),
      )
      const newestFirst = ids.flat().toSorted((a, b) => (a < b ? 1 : -1))
      const found = await Promise.all(newestFirst.slice(0, limit).map(get))
      const items = found.flatMap((stored) => stored ?? [])
      return { items, more: newestFirst.length > limit }
    },

    async write({ id, workspace, seen, schedule, state, dueAt, records, events, request }) {
      const shard = shardKeys(shardOf(id))
      const keys = {
        ...scheduleKeys(id),
        request: scheduleKeys(id).request(request ?? ''),
        workspaceState: shard.workspaceState(workspace),
        events: shard.events,
      }
      const call = writeScheduleScript.call(keys, {
        id,
        write: randomUUID(),
        seenRevision: seen,
        definition: schedule === undefined ? '' : toStored(schedule),
        state: toStored(state),
        dueAt,
        maxRecords: limits.schedules.records,
        hasRequest: request !== undefined,
        requestMs: limits.idempotency,
        records: records.map(toStored),
        noted: events.map((event) => toStored({ workspace, event })),
      })
      return await runScript(redis, call)
    },

    async wasWritten(id, request) {
      return (await guarded(() => redis.exists(scheduleKeys(id).request(request)))) === 1
    },

    async removeOfAgent(shard, agentId) {
      const key = shardKeys(shard).schedulesOfAgent(agentId)
      const ids = await guarded(() => redis.zrange(key, '0', `${limits.maintenance.batch - 1}`))
      for (const id of ids) await remove(id)
      return ids.length
    },

    async takeDue(shard, { takenMs, limit }) {
      const values = { clockTime: clockTime(), takenMs, limit }
      return await runScript(redis, takeDueSchedulesScript.call(shardKeys(shard), values))
    },

    async records(id, { skip, limit }) {
      const { occurrences } = scheduleKeys(id)
      const found = await guarded(() => redis.lrange(occurrences, skip, skip + limit))
      const items = found.map((json) => OccurrenceRecord.parse(JSON.parse(wellFormedJson(json))))
      return { items: items.slice(0, limit), more: items.length > limit }
    },
  }
}

function indexesOf({ id, workspace, agentId }: Pick<Schedule, 'id' | 'workspace' | 'agentId'>) {
  const { schedulesOfWorkspace, schedulesOfAgent } = shardKeys(shardOf(id))
  return {
    schedulesOfWorkspace: schedulesOfWorkspace(workspace),
    schedulesOfAgent: schedulesOfAgent(agentId),
  }
}
