import { beforeEach, expect, test, vi } from 'vitest'
import { watchCall } from './watch-call.ts'

beforeEach(() => {
  vi.useFakeTimers()
  return () => vi.useRealTimers()
})

const timeouts = { firstByte: 300, betweenChunks: 60, call: 1_000 }

/** The message and the time of the abort of a call whose pieces arrive at these times. */
function abortOf(pieces: number[], limits = timeouts): [string, number] {
  const startedAt = performance.now()
  const watch = watchCall(new AbortController().signal, limits)
  let abortedAt = Number.NaN
  watch.signal.addEventListener('abort', () => (abortedAt = performance.now() - startedAt))
  for (const at of pieces) {
    vi.advanceTimersByTime(startedAt + at - performance.now())
    watch.received()
  }
  vi.advanceTimersByTime(10_000)
  watch.end()
  expect(vi.getTimerCount()).toBe(0)
  return [String(watch.signal.reason), Math.round(abortedAt)]
}

test('a call without an answer is aborted after the first timeout', () => {
  expect(abortOf([])).toEqual(['ModelError: the model did not begin to answer within 0.3 s', 300])
})

test.each([[[10]], [[59]], [[61]], [[119, 121]], [[250]]])(
  'an answer with pieces at %j is aborted when it falls silent',
  (pieces) => {
    const message = 'ModelError: the model fell silent within its answer for 0.06 s'
    expect(abortOf(pieces)).toEqual([message, (pieces.at(-1) ?? 0) + 60])
  },
)

test('a long answer is aborted after the timeout of the call', () => {
  const pieces = Array.from({ length: 40 }, (_, at) => (at + 1) * 25)
  const message = 'ModelError: the model did not finish within 1 s'
  expect(abortOf(pieces.slice(0, -1))).toEqual([message, 1_000])
})
