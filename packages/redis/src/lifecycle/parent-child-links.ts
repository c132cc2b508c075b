import {
  childAnswer,
  childLost,
  hasEnded,
  limits,
  LonghaulError,
  type NewFact,
  shardOf,
  type Tickets,
} from '@longhaul/core'
import { shardKeys, taskKeys } from '../connection/keys.ts'
import type { Transfers } from '../connection/transfers.ts'
import { guarded, wasRefused } from '../connection/unavailable.ts'
import { blobRowsOf } from '../log/blob-rows.ts'
import { type Blobs, pack, whatIsLeft } from '../log/blobs.ts'
import { readFacts } from '../log/read-facts.ts'
import { statusIn } from '../log/head-fields.ts'
import { runScript } from '../lua/run-script.ts'
import { answerParentScript } from '../lua/task/answer-parent.ts'
import { takeDueScript } from '../lua/task/take-due.ts'
import { offerTicket } from '../queue/tickets.ts'
import { cancelTurn } from './cancel-turn.ts'

export type ParentChildLinks = ReturnType<typeof createParentChildLinks>

/**
 * Propagates the end of a turn: its parent is answered, its children are cancelled. The script that ends the turn
 * records both, so that a reconciler can do it too.
 */
export function createParentChildLinks(
  transfers: Transfers,
  { clockTime, tickets }: { clockTime: () => number | ''; tickets: Tickets | undefined },
) {
  const { redis } = transfers

  /** Answers the parent of the task that a member of `answers` names. Returns whether the parent waited. */
  async function answerParent(answer: string): Promise<boolean> {
    const [childTaskId = '', taskId = '', turn = '', callId = ''] = answer.split(' ')
    const fact = await answerOf(childTaskId, callId)
    if (fact === undefined) return false
    const keys = taskKeys(taskId)
    const blobs: Blobs = new Map()
    const call = answerParentScript.call(keys, {
      clockTime: clockTime(),
      taskId,
      turn,
      childTaskId,
      answer,
      fact: pack(fact, blobs),
      blobs: blobRowsOf(blobs, keys),
    })
    const reply = await transfers.send({ taskId: childTaskId }, call)
    offerTicket(tickets, shardOf(taskId), reply)
    return reply.outcome === 'answered'
  }

  /** The parent must get an answer whatever happened to the child. */
  async function answerOf(child: string, callId: string): Promise<NewFact | undefined> {
    try {
      const facts = await readFacts(transfers, child, { lost: whatIsLeft })
      if (facts.length === 0) return childLost(child, { callId, because: 'deleted' })
      return childAnswer(child, facts)
    } catch (error) {
      if (error instanceof LonghaulError) throw error
      return childLost(child, { callId, because: 'broken' })
    }
  }

  /** Cancels the task of a sub-agent, and all tasks below it. */
  async function cancelChild(taskId: string): Promise<void> {
    const options = { ...parentEnded, clockTime: clockTime(), tickets }
    await cancelTurn(transfers, { taskId, turn: 1 }, options)
    await settle(taskId)
    const { deadlines } = taskKeys(taskId)
    await guarded(() => redis.zrem(deadlines, `resp_${taskId}0001:cancel`))
  }

  /** Propagates the end or the cancel of a turn. A reconciler repeats it when it fails or is refused here. */
  async function settle(taskId: string): Promise<void> {
    const { head, answers } = taskKeys(taskId)
    const [stored, parent, children] = await guarded(() =>
      redis.hmget(head, 'status', 'parent', 'children'),
    )
    const called = (children ?? '').split(' ').filter((id) => id !== '')
    await Promise.all(called.map(cancelChild))
    const status = statusIn(stored)
    const isLive = status !== undefined && !hasEnded(status)
    if (isLive || parent == null) return
    const answer = `${taskId} ${parent}`
    const waits = await guarded(() => redis.zscore(answers, answer))
    if (waits !== null) await unlessRefused(answerParent(answer))
  }

  return {
    settle,
    cancelChild,

    /** Delivers answers that are still undelivered. Returns their number. */
    async serveAnswers(shard: number, againMs: number, limit: number): Promise<number> {
      const values = { clockTime: clockTime(), againMs, limit }
      const call = takeDueScript.call({ set: shardKeys(shard).answers }, values)
      let answered = 0
      for (const answer of await runScript(redis, call)) {
        if (await answerParent(answer)) answered += 1
      }
      return answered
    },
  }
}

/**
 * A full Redis accepts a cancel, but not an answer that queues the caller again. The answer stays in `answers` for a
 * reconciler.
 */
async function unlessRefused(answering: Promise<unknown>): Promise<void> {
  try {
    await answering
  } catch (error) {
    if (!wasRefused(error)) throw error
  }
}

const parentEnded = {
  reason: 'the turn that called it has ended or is to stop',
  graceMs: limits.cancelGrace,
}
