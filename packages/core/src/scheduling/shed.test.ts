import { expect, test } from 'vitest'
import { limits } from '../limits/limits.ts'
import { type Load, overloaded, whyShed, type WorkKind, workKinds } from './shed.ts'

const none: Load = { memory: 0, lagMs: 0, waitedMs: 0 }
const shedAfter = 600_000

/** The kinds of work that are refused. */
function refusedAt(load: Partial<Load>): WorkKind[] {
  return workKinds.filter((kind) => whyShed({ ...none, ...load }, kind, shedAfter).length > 0)
}

test('background tasks are refused first, then awaited ones, then continuations', () => {
  const [background, awaited, continuation] = workKinds
  const steps = {
    memory: [0.9, 0.91, 0.945, 0.98],
    lagMs: [500, 501, 1_001, 2_001],
    waitedMs: [shedAfter, shedAfter + 1, shedAfter * 1.5 + 1, shedAfter * 2 + 1],
  }
  for (const [name, loads] of Object.entries(steps)) {
    expect(loads.map((load) => refusedAt({ [name]: load }))).toEqual([
      [],
      [background],
      [background, awaited],
      [background, awaited, continuation],
    ])
  }
})

test('a full Redis refuses by itself', () => {
  expect(refusedAt({ memory: 1 })).toEqual([])
  expect(refusedAt({ memory: 40 })).toEqual([])
})

test('the error names every reason, and when to try again', () => {
  const reasons = whyShed({ memory: 0.95, lagMs: 800, waitedMs: 0 }, 'background', shedAfter)
  const error = overloaded(reasons, () => 0)
  expect(error).toMatchObject({
    code: 'overloaded',
    details: { violated_policies: ['store_memory', 'event_loop'] },
    retryAfterSeconds: limits.shed.retry / 1_000,
  })
  expect(error.message).toMatch(/memory.+, this process/)
})
