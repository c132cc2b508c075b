import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addDemand,
  demandOf,
  noDemand,
  pausedDemand,
  queuedOf,
  type WorkspaceQueue,
} from './demand.ts'

const queue = (part: Partial<WorkspaceQueue>): WorkspaceQueue => ({
  queued: 10,
  running: 2,
  limit: undefined,
  isPaused: false,
  open: 10,
  modelRequests: 0,
  modelTokens: 0,
  waitMs: 5,
  ...part,
})

test('a turn that a limit blocks is no demand', () => {
  const { blocked } = noDemand()
  const none = noDemand()
  expect(demandOf(queue({}))).toEqual({ ...none, startable: 10, waitMs: 5 })
  expect(demandOf(queue({ limit: 5 }))).toEqual({
    ...none,
    startable: 3,
    blocked: { ...blocked, workspace_running: 7 },
    waitMs: 5,
  })
  expect(demandOf(queue({ limit: 5, open: 1 }))).toEqual({
    ...none,
    startable: 1,
    blocked: { ...blocked, fairness_key_running: 9 },
    waitMs: 5,
  })
  expect(demandOf(queue({ open: 3, modelRequests: 4, modelTokens: 2 }))).toEqual({
    ...none,
    startable: 3,
    blocked: { ...blocked, model_requests: 4, model_tokens: 2, fairness_key_running: 1 },
    waitMs: 5,
  })
  // The limit was lowered.
  expect(demandOf(queue({ limit: 1 }))).toEqual({
    ...none,
    blocked: { ...blocked, workspace_running: 10 },
  })
  const paused = { ...none, blocked: { ...blocked, paused: 10 } }
  expect(demandOf(queue({ isPaused: true }))).toEqual(paused)
  expect(pausedDemand(demandOf(queue({ limit: 5 })))).toEqual(paused)
})

test('each queued turn is counted once, in sums as well', () => {
  const any = fc
    .record({
      queued: fc.nat(50),
      running: fc.nat(10),
      limit: fc.option(fc.nat(12), { nil: undefined }),
      isPaused: fc.boolean(),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      waitMs: fc.nat(),
    })
    .map(({ share, ...rest }) => {
      const open = Math.floor(rest.queued * share)
      const modelRequests = Math.floor((rest.queued - open) / 2)
      return { ...rest, open, modelRequests, modelTokens: Math.floor(modelRequests / 2) }
    })
  fc.assert(
    fc.property(fc.array(any), (queues) => {
      const total = queues.map(demandOf).reduce(addDemand, noDemand())
      const queued = queues.reduce((sum, each) => sum + each.queued, 0)
      expect(queuedOf(total)).toBe(queued)
      expect(queuedOf(pausedDemand(total))).toBe(queued)
    }),
  )
})
