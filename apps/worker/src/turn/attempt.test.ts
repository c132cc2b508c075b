import { describe, expect, test } from 'vitest'
import { createAttempt } from './attempt.ts'

const ref = { taskId: 't', turn: 1, attempt: 'a' }

describe('an attempt', () => {
  test('whose time is over is lost before any timer fires', () => {
    const attempt = createAttempt(ref)
    attempt.keepUntil(performance.now() + 60_000)
    attempt.throwIfLost()
    attempt.keepUntil(performance.now())
    expect(() => attempt.throwIfLost()).toThrow('no heartbeat came through in time')
    expect(attempt.signal.aborted).toBe(true)
  })

  test('that is stopping can still detect that it is lost', () => {
    const attempt = createAttempt(ref)
    attempt.receive({ cancelRequested: true })
    attempt.throwIfLost()
    attempt.lose('another attempt has the turn')
    expect(attempt.stopped()).toMatchObject({ reason: 'lost' })
  })
})
