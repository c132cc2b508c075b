import { expect, test, vi } from 'vitest'
import { startDeadline } from './deadline.ts'

const reason = () => new Error('the time is over')

function setup({ timeoutMs = 1_000 } = {}) {
  const caller = new AbortController()
  return { caller, deadline: startDeadline({ signal: caller.signal, timeoutMs, reason }) }
}

test('a deadline aborts its signal at the time limit', () => {
  vi.useFakeTimers()
  try {
    const { deadline } = setup()
    vi.advanceTimersByTime(999)
    expect([deadline.signal.aborted, deadline.isOver()]).toEqual([false, false])
    vi.advanceTimersByTime(1)
    expect([deadline.signal.reason, deadline.isOver()]).toEqual([
      new Error('the time is over'),
      true,
    ])
  } finally {
    vi.useRealTimers()
  }
})

test('the time while a deadline is paused does not count', async () => {
  vi.useFakeTimers()
  try {
    const { deadline } = setup()
    vi.advanceTimersByTime(600)
    const resume = deadline.pause()
    vi.advanceTimersByTime(60_000)
    resume()
    await deadline.paused(async () => void vi.advanceTimersByTime(60_000))
    vi.advanceTimersByTime(399)
    expect(deadline.isOver()).toBe(false)
    vi.advanceTimersByTime(1)
    expect(deadline.isOver()).toBe(true)
  } finally {
    vi.useRealTimers()
  }
})

test('the signal of a deadline is aborted with the caller’s reason', () => {
  const { caller, deadline } = setup()
  caller.abort(new Error('cancelled'))
  expect([deadline.signal.reason, deadline.isOver()]).toEqual([new Error('cancelled'), false])
  deadline.end()
  const ended = startDeadline({ signal: caller.signal, timeoutMs: 1_000, reason })
  expect(ended.signal.aborted).toBe(true)
  ended.end()
})

test('a deadline that has ended aborts nothing, also when a pause ends later', () => {
  vi.useFakeTimers()
  try {
    const { caller, deadline } = setup()
    const resume = deadline.pause()
    deadline.end()
    resume()
    vi.advanceTimersByTime(60_000)
    caller.abort()
    expect([deadline.signal.aborted, deadline.isOver()]).toEqual([false, false])
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})
