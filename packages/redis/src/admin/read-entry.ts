import {
  type EntryCursor,
  hasEnded,
  isUlid,
  parseResponseId,
  type TaskEntry,
  type TurnFailure,
} from '@longhaul/core'
import type { Redis } from 'ioredis'
import { unpack } from '../log/unpack-blobs.ts'
import { taskKeys } from '../connection/keys.ts'
import { maybe, object, oneOf, type Parser, record, text } from '../connection/parser.ts'
import { loadBlobsOn } from '../log/load-blobs.ts'
import { guarded } from '../connection/unavailable.ts'
import { startedIn, statuses } from '../log/head-fields.ts'

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

const storedStatus = oneOf(...statuses)

/**
 * The task of a member of `deadlines`, `failed` or `purges`; undefined when it does not exist, or when the member
 * belongs to another turn.
 */
export async function readEntry(
  redis: Redis,
  { member, score }: EntryCursor,
): Promise<TaskEntry | undefined> {
  const live = /^(resp_\w+):end$/.exec(member)?.[1]
  const named = live === undefined ? undefined : parseResponseId(live)
  const taskId = named?.taskId ?? member
  if (!isUlid(taskId)) return undefined
  const [workspace, agentId, status, turn, started, result, epoch, crashes, keep, unredriven] =
    await guarded(() => redis.hmget(taskKeys(taskId).head, ...fields))
  if (workspace == null || agentId == null || status == null || turn == null || started == null)
    return undefined
  if (named !== undefined && named.turn !== Number(turn)) return undefined
  // A failure of an earlier turn's redrive no longer counts.
  const noted = unredriven?.startsWith(`${turn} `) ? unredriven : undefined
  const known = storedStatus(status)
  const { at } = startedIn(started)
  const failure = result == null ? undefined : await failureIn(redis, taskId, result)
  return {
    taskId,
    workspace,
    agentId,
    status: known,
    turn: Number(turn),
    submittedAt: at,
    // The score of a failed task is its end; that of another ended task is its purge time.
    ...(hasEnded(known) && {
      endedAt: known === 'failed' ? score : score - Number(keep),
    }),
    ...(noted && { redriveFailure: noted.slice(turn.length + 1) }),
    ...(failure && { failure: { code: failure.code, message: failure.message } }),
    attempts: Number(epoch ?? 0),
    deaths: Number(crashes ?? 0),
  }
}

type Failure = { code: TurnFailure; message: string }

/** A newer version may use other codes. */
const code: Parser<TurnFailure> = (value) => text(value) as TurnFailure
const failureOf: Parser<Failure | undefined> = maybe(object({ code, message: text }))
const wholeResult = object({ failure: failureOf })

/** The failure in the result of a turn. No other field of the result is loaded. */
async function failureIn(redis: Redis, taskId: string, json: string): Promise<Failure | undefined> {
  const { failure, blobs } = record(JSON.parse(json))
  const blob = blobs === undefined ? undefined : record(blobs)['failure']
  if (blob === undefined) return failureOf(failure)
  const only = JSON.stringify({ blobs: { failure: blob } })
  const load = loadBlobsOn(redis, taskId)
  const [whole] = await unpack([only], load, { parse: wholeResult })
  return whole?.failure
}
