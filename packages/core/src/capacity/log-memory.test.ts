import { expect, test } from 'vitest'
import { createLogMemory, type LogReservation } from './log-memory.ts'
import { limits } from '../limits/limits.ts'

const { again, patience, atOnce } = limits.liveBytes

/** A capacity of 100 bytes, 75 of which may be used when one more log is admitted. A log of 10 bytes is small. */
function createRoom() {
  let time = 0
  const capacity = createLogMemory({ bytes: 100, small: 10, now: () => time })
  return {
    add: capacity.add,
    forget: capacity.forget,
    bytes: capacity.bytes,
    waiting: () => capacity.waiting(),
    pass: (ms: number): void => {
      time += ms
    },
    /** The time to wait. */
    waitOf: (task: string): number => {
      const entered = capacity.enter(task, task.charAt(0), 50)
      return 'waitMs' in entered ? entered.waitMs : 0
    },
    /** The reservation, or undefined when the turn must wait. */
    enter: (task: string, bytes: number): LogReservation | undefined => {
      const entered = capacity.enter(task, task.charAt(0), bytes)
      return 'waitMs' in entered ? undefined : entered
    },
    /** For a task that must be admitted. */
    entered: (task: string, bytes: number): LogReservation => {
      const place = capacity.enter(task, task.charAt(0), bytes)
      if ('waitMs' in place) throw new Error(`${task} waits`)
      return place
    },
  }
}

test('logs are admitted while there is capacity, and the next one when one has left', () => {
  const { enter, entered, bytes, waiting } = createRoom()
  const first = entered('a1', 40)
  entered('a2', 35)
  expect(enter('a3', 20)).toBeUndefined()
  expect([bytes(), waiting()]).toEqual([75, 1])
  first.leave()
  expect(enter('a3', 20)).toBeDefined()
  expect([bytes(), waiting()]).toEqual([55, 0])
})

test('a turn that another slot has claimed does not wait any more', () => {
  const { enter, entered, forget, waiting } = createRoom()
  entered('a1', 70)
  expect(enter('a2', 20)).toBeUndefined()
  forget('a2')
  expect(waiting()).toBe(0)
})

test('a turn with a small log never waits, and what it holds counts', () => {
  const { add, enter, entered, bytes } = createRoom()
  entered('a1', 70)
  add('b', 10)
  expect(bytes()).toBe(80)
  expect(enter('a2', 11)).toBeUndefined()
})

test('a log that is larger than the capacity is admitted beside small ones only', () => {
  const { add, enter, entered } = createRoom()
  add('b', 10)
  const huge = entered('a1', 1_000)
  expect(enter('b1', 11)).toBeUndefined()
  huge.leave()
  const other = entered('b1', 11)
  expect(enter('a1', 1_000)).toBeUndefined()
  other.leave()
  expect(enter('a1', 1_000)).toBeDefined()
})

test('smaller logs do not overtake a large log that waits', () => {
  const { enter, entered } = createRoom()
  const first = entered('a1', 40)
  expect(enter('b1', 60)).toBeUndefined()
  expect(enter('c1', 11)).toBeUndefined()
  first.leave()
  expect(enter('c1', 11)).toBeUndefined()
  expect(enter('b1', 60)).toBeDefined()
  expect(enter('c1', 11)).toBeDefined()
})

test('the workspace that holds the least is next, however many of another one wait', () => {
  const { enter, entered } = createRoom()
  const first = entered('a1', 40)
  entered('a2', 30)
  for (const task of ['a3', 'a4', 'a5']) expect(enter(task, 30)).toBeUndefined()
  expect(enter('b1', 30)).toBeUndefined()
  first.leave()
  expect(enter('a3', 30)).toBeUndefined()
  expect(enter('b1', 30)).toBeDefined()
})

test('when all hold too much, large ones leave until they fit, and the first one stays', () => {
  const { add, entered } = createRoom()
  const small = add('b', 5)
  const [first, second, third] = [entered('a1', 20), entered('a2', 20), entered('a3', 20)]
  for (const place of [first, second, third]) place.grow(40)
  expect([small, first, second, third].map((place) => place.isOver())).toEqual([
    false,
    false,
    true,
    true,
  ])
  second.leave()
  expect(third.isOver()).toBe(false)
  first.grow(1_000)
  expect(first.isOver()).toBe(false)
  expect(third.isOver()).toBe(true)
  first.leave()
  expect(third.isOver()).toBe(false)
})

test('a small log that has become large counts as one', () => {
  const { add, entered } = createRoom()
  entered('a1', 70)
  const grown = add('b', 10)
  grown.grow(40)
  expect(grown.isOver()).toBe(true)
})

test('a turn that stops trying blocks no other, and loses its position after a while', () => {
  const { enter, entered, pass, waiting } = createRoom()
  entered('a1', 70)
  expect(enter('b1', 30)).toBeUndefined()
  pass(2 * again + 1)
  expect(enter('c1', 5 + 6)).toBeUndefined()
  expect(waiting()).toBe(2)
  pass(patience)
  expect(waiting()).toBe(1)
})

test('leaving twice frees the capacity once', () => {
  const { entered, bytes } = createRoom()
  const place = entered('a1', 40)
  place.leave()
  place.leave()
  place.grow(50)
  expect(bytes()).toBe(0)
})

test('turns at the front of a long queue try more often', () => {
  const { entered, waitOf } = createRoom()
  entered('a1', 100)
  const waits = Array.from({ length: 2 * atOnce + 1 }, (_, at) => waitOf(`b${at}`))
  expect([waits[0], waits[atOnce], waits[2 * atOnce]]).toEqual([again, 2 * again, 3 * again])
  expect(waitOf('c1')).toBe(again)
})
