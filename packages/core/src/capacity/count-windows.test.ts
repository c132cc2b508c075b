import { expect, test } from 'vitest'
import { createWindows } from './count-windows.ts'

function setup({ size = 10 } = {}) {
  const clock = { time: 1_000 }
  return { clock, windows: createWindows({ windowMs: 60_000, size, now: () => clock.time }) }
}

test('a window begins with the first count of a key and ends after its time', () => {
  const { clock, windows } = setup()
  expect([windows.add('a'), windows.add('a'), windows.add('b')]).toEqual([1, 2, 1])
  clock.time += 59_999
  expect(windows.read('a')).toEqual({ count: 2, leftMs: 1 })
  clock.time += 1
  expect(windows.read('a')).toEqual({ count: 0, leftMs: 0 })
  expect(windows.add('a')).toBe(1)
})

test('a clock that is set back ends the windows', () => {
  const { clock, windows } = setup()
  windows.add('a')
  clock.time -= 500
  expect(windows.read('a').count).toBe(0)
})

test('when there are too many keys, the least recently counted is removed', () => {
  const { windows } = setup({ size: 2 })
  for (const key of ['a', 'b', 'a', 'c']) windows.add(key)
  expect(['a', 'b', 'c'].map((key) => windows.read(key).count)).toEqual([2, 0, 1])
  for (let n = 0; n < 1_000; n += 1) windows.add(`key ${n}`)
  expect(windows.size()).toBe(2)
})
