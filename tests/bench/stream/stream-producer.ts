import { connect, createTaskStore } from '@longhaul/redis'
import { setTimeout as sleep } from 'node:timers/promises'
import { pieceOfText } from './stream-frame.ts'
import type { Produce } from './producer-message.ts'
import type { Begin } from './producer-message.ts'

/**
 * Records the streamed output of running turns like a worker, and nothing else: each piece in a
 * script of its own.
 */
const redis = connect(process.env['REDIS_URL'] ?? '', { role: 'work', onError: () => {} })
const store = createTaskStore(redis)
const turns: { taskId: string; turn: 1; attempt: string; ordinal: number }[] = []

process.on('disconnect', () => process.exit())
process.on('message', (order: Begin | Produce) => void obey(order))
process.send?.('ready')

async function obey(order: Begin | Produce): Promise<void> {
  if (order.do === 'begin') {
    await Promise.all(Array.from({ length: order.count }, (_, at) => begin(order.from + at, order)))
    process.send?.(turns.map(({ taskId }) => taskId))
  } else {
    await produce(order)
    process.send?.('produced')
  }
}

const hour = 3_600_000

async function begin(at: number, { agentId, planHash }: Begin): Promise<void> {
  const taskId = `01K0000000${String(at).padStart(16, '0')}`
  const attempt = `attempt-${taskId}`
  await store.submit({
    taskId,
    workspace: 'bench',
    agentId,
    requestId: taskId,
    after: 0,
    started: {
      plan: planHash,
      model: 'demo/instant',
      message: { messageId: taskId, role: 'user', parts: [{ kind: 'text', text: 'Go on.' }] },
      assistantMessageId: taskId,
      traceId: taskId,
      spanId: taskId,
    },
    deadlineMs: hour,
    retentionMs: 24 * hour,
  })
  await store.claim({ taskId, turn: 1 }, attempt, hour)
  turns.push({ taskId, turn: 1, attempt, ordinal: 0 })
}

/** The number of concurrent writes that makes best use of a Redis connection. */
const atOnce = 128

/** An event counts once for each watcher of its task. */
async function produce({ each, perSecond }: Produce): Promise<void> {
  const startedAt = performance.now()
  let made = 0
  async function lane(): Promise<void> {
    while (made < each * turns.length) {
      const turn = turns[made % turns.length]
      made += 1
      if (turn === undefined) return
      if (perSecond !== undefined) {
        const due = startedAt + (made * 1_000) / perSecond
        const wait = due - performance.now()
        if (wait > 0) await sleep(wait)
      }
      turn.ordinal += 1
      const piece = { partId: `text_${turn.taskId}`, kind: 'text', text: pieceOfText() } as const
      await store.stream(turn, turn.ordinal, [piece])
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
}
