import {
  endFromOutside,
  LonghaulError,
  type TurnEnd,
  type TurnFailure,
  type TurnUsage,
  turnUsage,
} from '@longhaul/core'
import { type Blobs, pack } from '../log/blobs.ts'
import { taskKeys } from '../connection/keys.ts'
import { readFacts } from '../log/read-facts.ts'
import { startedIn } from '../log/head-fields.ts'
import type { Transfers } from '../connection/transfers.ts'
import { guarded } from '../connection/unavailable.ts'

/** The end of a turn for a reason from outside, as scripts expect it. It is valid for a log of `folded` facts. */
export type OutsideEnd = {
  folded: number
  fact: string
  status: string
  result: string
  /** What the turn has used, as JSON. */
  usage: string
  blobs: Blobs
}

/** Computes the end of a task's live turn for a reason from outside, from its current log. */
export async function readOutsideEnd(
  transfers: Transfers,
  taskId: string,
  why: { code: TurnFailure; message: string },
): Promise<OutsideEnd> {
  const { head, log } = taskKeys(taskId)
  const { redis } = transfers
  const json = await guarded(() => redis.hget(head, 'started'))
  const started = json === null ? undefined : startedIn(json)
  const folded = await guarded(() => redis.llen(log))
  const { fact, status, result, usage } = await endOf()
  const blobs: Blobs = new Map()
  return {
    folded,
    fact: JSON.stringify(fact),
    status,
    result: pack(result, blobs),
    usage: JSON.stringify(usage),
    blobs,
  }

  /** A log that cannot be read must not prevent the end of the turn. */
  async function endOf(): Promise<TurnEnd & { usage: TurnUsage }> {
    const model = started?.model ?? ''
    try {
      const range = { from: started?.fact ?? 0, to: folded - 1 }
      const facts = folded === 0 ? [] : await readFacts(transfers, taskId, range)
      return { ...endFromOutside(facts, why, model), usage: turnUsage(facts, model) }
    } catch (error) {
      if (error instanceof LonghaulError) throw error
      return { ...endFromOutside([], why, model), usage: turnUsage([], model) }
    }
  }
}
