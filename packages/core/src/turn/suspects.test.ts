import { describe, expect, test } from 'vitest'
import {
  hasSuspectSlot,
  isCondemned,
  isSuspect,
  isUntouchable,
  restAfter,
  wasBlocked,
} from './suspects.ts'

describe('a turn whose workers died', () => {
  test('is a suspect after two crashes without output', () => {
    expect([0, 1, 2, 3].map((crashes) => isSuspect({ deaths: crashes, streamed: 0 }))).toEqual([
      false,
      false,
      true,
      true,
    ])
  })

  test('is no suspect after three crashes after output, and is one after the fifth', () => {
    const streaming = [3, 4, 5].map((crashes) => isSuspect({ deaths: crashes, streamed: crashes }))
    expect(streaming).toEqual([false, false, true])
    expect(isSuspect({ deaths: 3, streamed: 1 })).toBe(true)
  })

  test('is condemned only by crashes of processes that ran nothing else', () => {
    expect([0, 1, 2, 3].map((alone) => isCondemned({ alone }))).toEqual([false, false, true, true])
    expect([2, 3].map((alone) => isUntouchable({ alone }))).toEqual([false, true])
  })

  test('waits longer and longer, at most ten minutes, until it crashes alone', () => {
    const rests = [0, 3, 4, 5, 6, 40].map((crashes) => restAfter({ deaths: crashes, alone: 0 }))
    expect(rests).toEqual([0, 0, 10_000, 20_000, 40_000, 600_000])
    expect(restAfter({ deaths: 4, alone: 1 })).toBe(0)
  })
})

/** Whether a workspace gets a process in addition to the running ones, one letter for each workspace. */
function hasOne(running: string, workspace: string): boolean {
  const places = running.split('').map((each, at) => ({ workspace: each, taskId: String(at) }))
  return hasSuspectSlot(places, { workspace, taskId: 'new' })
}

describe('the processes of suspects', () => {
  test('are at most four in one worker, and one workspace never has the last of them', () => {
    expect(['', 'aa', 'aaa'].map((running) => hasOne(running, 'a'))).toEqual([true, true, false])
    expect(hasOne('aaa', 'b')).toBe(true)
    expect(hasOne('aabb', 'c')).toBe(false)
  })

  test('run a task once', () => {
    const place = { workspace: 'a', taskId: 't' }
    expect(hasSuspectSlot([place], place)).toBe(false)
  })
})

describe('an event loop', () => {
  test('was blocked when it stood still for half of the lock and used CPU time', () => {
    expect(wasBlocked({ gapMs: 5_000, cpuMs: 5_000 }, 10_000)).toBe(true)
    expect(wasBlocked({ gapMs: 5_000, cpuMs: 500 }, 10_000)).toBe(true)
  })

  test('was not blocked when it was frozen, or stood still for less', () => {
    expect(wasBlocked({ gapMs: 60_000, cpuMs: 40 }, 10_000)).toBe(false)
    expect(wasBlocked({ gapMs: 4_999, cpuMs: 4_999 }, 10_000)).toBe(false)
  })
})
