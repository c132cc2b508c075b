import type { Fact, TaskView } from '@longhaul/core'
import { expect, test } from 'vitest'
import { listReviews } from './list-reviews.ts'

const MB = 1024 * 1024

/** A task with one call that waits, with arguments of 3 MB. */
const call = { callId: 'c', name: 'pay', arguments: '{}' }
const facts = [
  {
    type: 'turn.started',
    turn: 1,
    plan: 'p',
    engine: 'text',
    message: { role: 'user', parts: [] },
    model: 'm',
    assistantMessageId: 'a',
    traceId: 't',
    spanId: 's',
  },
  { type: 'step.finished', step: 1, modelIndex: 0, model: 'm', reason: 'tool_calls', ms: 1 },
  { type: 'review.requested', callId: 'c', toolId: 't', name: 'pay', until: 1 },
].map((fact, at) => ({
  ...fact,
  ...(fact.type === 'step.finished' && { calls: [call] }),
  ...(fact.type === 'review.requested' && { arguments: { sum: 'x'.repeat(3 * MB) } }),
  v: 1,
  pos: at + 1,
  at: 1,
})) as Fact[]

const ids = Array.from({ length: 30 }, (_, at) => `task-${199 - at}`)

function ports() {
  const read: string[] = []
  const store = {
    view: (taskId: string) =>
      Promise.resolve({ taskId, workspace: 'acme', agentId: 'a' } as TaskView),
    readableFacts(taskId: string) {
      read.push(taskId)
      return Promise.resolve(facts)
    },
  }
  const reviews = {
    tasks: (_: string, { below, limit }: { below?: string | undefined; limit: number }) =>
      Promise.resolve(ids.filter((id) => below === undefined || id < below).slice(0, limit)),
    drop: () => Promise.resolve(),
  }
  return { read, store, reviews, admit: () => {} }
}

test('a page of calls with large arguments ends early, and the next page continues after it', async () => {
  const seen: string[] = []
  let after: { taskId: string; pos: number } | undefined
  for (;;) {
    const { read, ...all } = ports()
    const { items, more } = await listReviews('acme', { limit: 200, after }, all)
    expect(items.length).toBeLessThanOrEqual(3)
    expect(read.length).toBeLessThanOrEqual(4)
    seen.push(...items.map(({ taskId }) => taskId))
    const last = items.at(-1)
    if (!more || last === undefined) break
    after = { taskId: last.taskId, pos: last.requested.pos }
  }
  expect(seen).toEqual(ids)
})
