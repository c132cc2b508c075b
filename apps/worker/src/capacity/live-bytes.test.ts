import { limits } from '@longhaul/core'
import { expect, test } from 'vitest'
import { createLiveBytes } from './live-bytes.ts'

const { copies, work } = limits.liveBytes
/** A heap in which work may hold 6,000 bytes: 1,000, counted once per copy. */
const heap = (1_000 * copies) / work
const { signal } = new AbortController()

const settled = () => new Promise((resolve) => setImmediate(resolve))

test('work waits for capacity, and releases it at its end', async () => {
  const live = createLiveBytes(heap)
  const first = live.hold('a', signal)
  await first.capacity(600)
  const second = live.hold('b', signal)
  const waits = second.capacity(600)
  await settled()
  expect([live.now(), live.waiting()]).toEqual([600 * copies, 1])
  first.end()
  await waits
  expect([live.now(), live.waiting()]).toEqual([600 * copies, 0])
  second.end()
  second.end()
  expect(live.now()).toBe(0)
})

test('work that asks several times takes only the largest amount', async () => {
  const live = createLiveBytes(heap)
  const held = live.hold('a', signal)
  await Promise.all([held.capacity(300), held.capacity(300), held.capacity(200)])
  expect(live.now()).toBe(300 * copies)
  await held.capacity(500)
  expect(live.now()).toBe(500 * copies)
  held.end()
  await held.capacity(500)
  expect(live.now()).toBe(0)
})

test('work that ends while it waits holds nothing', async () => {
  const live = createLiveBytes(heap)
  const first = live.hold('a', signal)
  await first.capacity(1_000)
  const second = live.hold('b', signal)
  const waits = second.capacity(1_000)
  await settled()
  second.end()
  first.end()
  await waits
  expect([live.now(), live.waiting()]).toEqual([0, 0])
})

test('one piece of work, however large, leaves capacity for another workspace', async () => {
  const live = createLiveBytes(heap)
  await live.hold('a', signal).capacity(50_000)
  await live.hold('b', signal).capacity(250)
  expect([live.now(), live.waiting()]).toEqual([1_000 * copies, 0])
})

test('work that is stopped does not wait any more', async () => {
  const live = createLiveBytes(heap)
  await live.hold('a', signal).capacity(1_000)
  const controller = new AbortController()
  const waits = live.hold('b', controller.signal).capacity(1_000)
  await settled()
  controller.abort(new Error('stop'))
  await expect(waits).rejects.toThrow('stop')
  expect(live.waiting()).toBe(0)
})
