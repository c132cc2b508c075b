import { type Claimed, taskIdInShard } from '@longhaul/core'
import { createTaskStore } from '@longhaul/redis'
import { ulid } from 'ulid'
import { type BenchRedis, startBenchRedis } from '../measure/bench-redis.ts'

export type Backlog = Awaited<ReturnType<typeof openBacklog>>

/** The slots that claim turns, and the submissions that are sent together. */
const concurrency = 100
const day = 86_400_000
const lockMs = 60_000

/** A Redis of its own with a backlog, which is filled and worked off without processes. */
export async function openBacklog(atEnd: (end: () => Promise<unknown>) => void) {
  const redis = await startBenchRedis()
  atEnd(() => redis.stop())
  const store = createTaskStore(redis.redis)

  async function submit(of: { workspace?: string; fairnessKey?: string }): Promise<void> {
    const taskId = taskIdInShard(ulid(), 0)
    await store.submit({
      taskId,
      workspace: 'w',
      agentId: 'A',
      requestId: taskId,
      after: 0,
      deadlineMs: day,
      retentionMs: day,
      started: {
        plan: 'p',
        model: 'x/y',
        message: { messageId: 'm', role: 'user', parts: [{ kind: 'text', text: 'hi' }] },
        assistantMessageId: 'am',
        traceId: 't',
        spanId: 's',
      },
      ...of,
    })
  }

  async function endAndClaim(claim: Claimed, slot: number): Promise<Claimed | undefined> {
    const { taskId, turn, attempt, length } = claim
    const result = { model: 'x/y', text: 'done', pending: [], calls: [], reason: 'stop' } as const
    const reply = await store.append({
      taskId,
      turn,
      attempt,
      ordinal: 1,
      facts: [{ type: 'turn.completed', reason: 'stop', pending: [] }],
      end: { folded: length, status: 'completed', result: { ...result, pending: [], calls: [] } },
      next: newClaim(slot),
    })
    if (reply.outcome !== 'ok') throw new Error(`the end was ${reply.outcome}`)
    return reply.next?.outcome === 'claimed' ? reply.next : undefined
  }

  return {
    redis,

    /** Queues turns, each of a new task. */
    async fill(
      count: number,
      of: (at: number) => { workspace?: string; fairnessKey?: string },
    ): Promise<void> {
      let next = 0
      const senders = Array.from({ length: concurrency }, async () => {
        for (let at = next++; at < count; at = next++) await submit(of(at))
      })
      await Promise.all(senders)
    },

    /** Runs turns that do nothing, each claimed with the end of the one before. */
    async runTurns(count: number): Promise<void> {
      let left = count
      const slots = Array.from({ length: concurrency }, async (_, slot) => {
        const reply = await store.claimNext(newClaim(slot))
        let claim = reply.outcome === 'claimed' ? reply : undefined
        while (claim !== undefined && left > 0) {
          left -= 1
          claim = await endAndClaim(claim, slot)
        }
        if (claim !== undefined) await store.release(claim)
      })
      await Promise.all(slots)
    },
  }
}

function newClaim(slot: number) {
  return { shard: 0, slot: `s:${slot}`, attempt: ulid(), lockMs }
}

/** The bytes of the backlogs and the rings for each queued turn. */
export async function bytesOfBacklog({ redis }: Backlog, count: number): Promise<number> {
  const { redis: client }: BenchRedis = redis
  let bytes = 0
  for (const kind of ['backlog', 'keys', 'workspace', 'ring']) {
    const found = client.scanStream({ match: `{lh:s0}:${kind}*`, count: 1_000 })
    for await (const keys of found as AsyncIterable<string[]>) {
      const sizes = await Promise.all(keys.map((key) => client.memory('USAGE', key, 'SAMPLES', 0)))
      bytes += sizes.reduce<number>((sum, size) => sum + Number(size), 0)
    }
  }
  return Math.round(bytes / count)
}
