import {
  endFromOutside,
  type Fact,
  LonghaulError,
  type TaskView,
  type TurnEnd,
  type TurnFailure,
} from '@longhaul/core'
import type { Redis } from 'ioredis'
import { type Blobs, pack, unpack } from './blobs.ts'
import { taskKeys } from './keys.ts'
import { loadBlobs } from './task-view.ts'
import { guarded } from './unavailable.ts'

/** A turn's end as a script takes it; it holds for a log of `folded` facts. */
export type ReadEnd = { folded: number; fact: string; status: string; result: string; blobs: Blobs }

/** How a task's live turn ends for a reason from outside, as its log is now. */
export async function readEnd(
  redis: Redis,
  taskId: string,
  why: { code: TurnFailure; message: string },
): Promise<ReadEnd> {
  const { head, log } = taskKeys(taskId)
  const json = await guarded(() => redis.hget(head, 'started'))
  const started = json === null ? undefined : (JSON.parse(json) as TaskView['started'])
  const first = started?.fact ?? 0
  const texts = await guarded(() => redis.lrange(log, first, -1))
  const { fact, status, result } = await endOf(texts)
  const blobs: Blobs = new Map()
  return {
    folded: first + texts.length,
    fact: JSON.stringify(fact),
    status,
    result: pack(result, blobs),
    blobs,
  }

  /** A log that cannot be read must not keep the turn from its end. */
  async function endOf(recorded: string[]): Promise<TurnEnd> {
    const model = started?.model ?? ''
    try {
      const facts = await unpack<Fact>(recorded, loadBlobs(redis, taskId))
      return endFromOutside(facts, why, model)
    } catch (error) {
      if (error instanceof LonghaulError) throw error
      return endFromOutside([], why, model)
    }
  }
}
