import type { Priority, WorkspaceLimits } from '@longhaul/core'
import * as fc from 'fast-check'
import { day } from '../lifecycle/submission.fixture.ts'

export const names = ['w1', 'w2', 'w3'] as const
export const fairnessKeys = ['', 'k1', 'k2'] as const
export const slots = ['a:0', 'a:1', 'b:0', 'b:1', 'b:2', 'c:0'] as const
/** Those of the models of turns. The first has no rate. */
export const models = ['x/y', 'busy/one', 'slow/one'] as const

/** What a history uses: few workspaces, keys and slots make them meet at their limits. */
export type Size = { workspaces: number; keys: number; slots: number; hasClasses: boolean }

/** What happens to a running turn. */
export type SlotStep = {
  do: 'end' | 'park' | 'release' | 'close'
  slot: number
  next: boolean
  ms: number
}

export type Step =
  | {
      do: 'submit'
      workspace: number
      key: number
      model: number
      priority: Priority
      deadline: number
      start: number | undefined
      expires: number | undefined
    }
  | { do: 'take'; slot: number; again: boolean }
  | SlotStep
  | { do: 'cancel'; task: number }
  | { do: 'move start'; task: number; ms: number }
  | { do: 'limits'; workspace: number; limits: WorkspaceLimits }
  | { do: 'pause'; paused: boolean }
  | { do: 'lose tickets' | 'spare ticket' | 'expire' | 'reconcile' }
  | { do: 'wait'; ms: number }

const slot = fc.nat(slots.length - 1)
const workspace = fc.nat(names.length - 1)
const maybe = (values: number[]) => fc.constantFrom(undefined, undefined, ...values)

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constant('submit'),
      workspace,
      key: fc.nat(fairnessKeys.length - 1),
      model: fc.nat(models.length - 1),
      priority: fc.constantFrom<Priority>(1, 3, 3, 5),
      deadline: fc.constantFrom(day, day, day, 20_000),
      start: fc.constantFrom(undefined, undefined, undefined, 0, 500, 4_000),
      expires: fc.constantFrom(undefined, undefined, undefined, 1_000, 5_000),
    }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constant('take'),
      slot,
      again: fc.constantFrom(false, false, true),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('end', 'end', 'end', 'end', 'park', 'release', 'close'),
      slot,
      next: fc.constantFrom(true, true, false),
      ms: fc.constantFrom(0, 500, 3_000),
    }),
  },
  fc.record({ do: fc.constant('cancel'), task: fc.nat(50) }),
  fc.record({
    do: fc.constant('move start'),
    task: fc.nat(50),
    ms: fc.constantFrom(0, 700, 6_000),
  }),
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('limits'),
      workspace,
      limits: fc.record({
        running: maybe([1, 2]),
        runningPerFairnessKey: maybe([1, 2]),
        weight: maybe([2, 3]),
        paused: fc.constantFrom(false, false, false, true),
      }),
    }),
  },
  fc.record({ do: fc.constant('pause'), paused: fc.constantFrom(false, false, true) }),
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('lose tickets', 'spare ticket', 'expire', 'reconcile', 'reconcile'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.nat(2_000) }) },
)

/** The steps of a history: how few, how many, and about how many on average. */
export const stepsOfHistory = { minLength: 20, maxLength: 200, average: 78 }
const { minLength, maxLength } = stepsOfHistory

export const anySteps = fc.array(anyStep, { minLength, maxLength, size: 'max' })

export const anySize: fc.Arbitrary<Size> = fc.record({
  workspaces: fc.integer({ min: 1, max: names.length }),
  keys: fc.integer({ min: 1, max: fairnessKeys.length }),
  slots: fc.integer({ min: 1, max: slots.length }),
  hasClasses: fc.constantFrom(false, false, true),
})
