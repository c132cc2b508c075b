import { childAnswer, childLost, limits, LonghaulError, type NewFact } from '@longhaul/core'
import { type Blobs, pack, whatIsLeft } from '../log/blobs.ts'
import { cancelTurn } from './cancel-turn.ts'
import { shardKeys, taskKeys } from '../connection/keys.ts'
import { readFacts } from '../log/read-facts.ts'
import { loadScript, runScript } from '../connection/script.ts'
import { sizeOf, type Transfers } from '../connection/transfers.ts'
import { guarded, wasRefused } from '../connection/unavailable.ts'

const scripts = { answer: loadScript('task/answer-parent'), takeDue: loadScript('task/take-due') }

/** How long until a job that was lost is added again, milliseconds. */
const againMs = 5_000

/**
 * What the end of a turn means for those around it: who has called it is answered, whom it has called is
 * cancelled. The script that ends it has put both where a reconciler finds them.
 */
export function createKin(transfers: Transfers, { clock }: { clock?: () => number } = {}) {
  const { redis } = transfers
  const now = () => clock?.() ?? ''

  /** Answers whoever called the task that a member of `answers` names; whether somebody waited. */
  async function answer(member: string): Promise<boolean> {
    const [child = '', parent = '', turn = '', callId = ''] = member.split(' ')
    const fact = await answerOf(child, callId)
    if (fact === undefined) return false
    const { head, log, shard, blob } = taskKeys(parent)
    const { outbox, deadlines, wake, answers, addJob, queue } = shard
    const blobs: Blobs = new Map()
    const text = pack(fact, blobs)
    const keys = [head, log, outbox, deadlines, wake, answers, ...addJob]
    const args = [now(), parent, turn, child, member, text, queue, againMs, ...blobs.values()]
    const outcome = await transfers.move(sizeOf(args), { taskId: child }, (on) =>
      runScript(on, scripts.answer, [...keys, ...[...blobs.keys()].map(blob)], args),
    )
    return outcome === 'answered'
  }

  /** Whatever has become of its task, the caller must not wait for ever. */
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

  /** Cancels the task of a sub-agent, and all that it has called. */
  async function cancelChild(taskId: string): Promise<void> {
    const { shard } = taskKeys(taskId)
    await cancelTurn(transfers, { taskId, turn: 1 }, { ...parentEnded, now: now() })
    await settle(taskId)
    await guarded(() => redis.zrem(shard.deadlines, `resp_${taskId}0001:cancel`))
  }

  /** For when a turn has ended or is to stop; what fails or is refused here is done by a reconciler. */
  async function settle(taskId: string): Promise<void> {
    const { head, shard } = taskKeys(taskId)
    const [status, parent, children] = await guarded(() =>
      redis.hmget(head, 'status', 'parent', 'children'),
    )
    const isLive = status === 'queued' || status === 'running' || status === 'parked'
    const called = (children ?? '').split(' ').filter((id) => id !== '')
    await Promise.all(called.map(cancelChild))
    if (isLive || parent == null) return
    const member = `${taskId} ${parent}`
    const waits = await guarded(() => redis.zscore(shard.answers, member))
    if (waits !== null) await unlessRefused(answer(member))
  }

  return {
    settle,
    cancelChild,

    /** Answers that nobody has brought; how many. */
    async serveAnswers(shard: number, laterMs: number, limit: number): Promise<number> {
      const due = (await runScript(
        redis,
        scripts.takeDue,
        [shardKeys(shard).answers],
        [now(), laterMs, limit],
      )) as string[]
      let answered = 0
      for (const member of due) if (await answer(member)) answered += 1
      return answered
    },
  }
}

/** A full Redis takes a cancel, but no answer that queues the caller again: `answers` keeps that for a reconciler. */
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
