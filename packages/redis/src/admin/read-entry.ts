import {
  type EntryPlace,
  hasEnded,
  isUlid,
  parseResponseId,
  type Result,
  type Status,
  type TaskEntry,
  type TaskView,
} from '@longhaul/core'
import type { Redis } from 'ioredis'
import { unpack } from '../log/blobs.ts'
import { taskKeys } from '../connection/keys.ts'
import { loadBlobsOn } from '../log/load-blobs.ts'
import { guarded } from '../connection/unavailable.ts'

const fields = [
  'ws',
  'agent',
  'status',
  'turn',
  'started',
  'result',
  'epoch',
  'deaths',
  'keep',
  'unredriven',
] as const

/** The task at a place of `deadlines`, `failed` or `forget`; undefined when there is none, or when it is of another turn. */
export async function readEntry(
  redis: Redis,
  { member, score }: EntryPlace,
): Promise<TaskEntry | undefined> {
  const live = /^(resp_\w+):end$/.exec(member)?.[1]
  const named = live === undefined ? undefined : parseResponseId(live)
  const taskId = named?.taskId ?? member
  if (!isUlid(taskId)) return undefined
  const [workspace, agentId, status, turn, started, result, epoch, deaths, keep, unredriven] =
    await guarded(() => redis.hmget(taskKeys(taskId).head, ...fields))
  if (workspace == null || agentId == null || status == null || turn == null || started == null)
    return undefined
  if (named !== undefined && named.turn !== Number(turn)) return undefined
  // Of an earlier turn it says nothing any more.
  const noted = unredriven?.startsWith(`${turn} `) ? unredriven : undefined
  const { at } = JSON.parse(started) as TaskView['started']
  const failure = result == null ? undefined : await failureIn(redis, taskId, result)
  return {
    taskId,
    workspace,
    agentId,
    status: status as Status,
    turn: Number(turn),
    submittedAt: at,
    // What failed is kept by when it did, and what else has ended by when it is forgotten.
    ...(hasEnded(status as Status) && {
      endedAt: status === 'failed' ? score : score - Number(keep),
    }),
    ...(noted && { redriveFailure: noted.slice(turn.length + 1) }),
    ...(failure && { failure: { code: failure.code, message: failure.message } }),
    attempts: Number(epoch ?? 0),
    deaths: Number(deaths ?? 0),
  }
}

type Failure = Extract<Result, { failure: unknown }>['failure']

/** Why a turn failed, as its result tells it; nothing else of the result is loaded. */
async function failureIn(redis: Redis, taskId: string, json: string): Promise<Failure | undefined> {
  const result = JSON.parse(json) as { failure?: Failure; blobs?: Record<string, unknown> }
  const blob = result.blobs?.['failure']
  if (blob === undefined) return result.failure
  const only = JSON.stringify({ blobs: { failure: blob } })
  const [whole] = await unpack<{ failure: Failure }>([only], loadBlobsOn(redis, taskId))
  return whole?.failure
}
