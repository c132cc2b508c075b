import { beforeEach, expect, test, vi } from 'vitest'
import { createAttempt } from './attempt.ts'
import { startHeartbeat } from './heartbeat.ts'

beforeEach(() => {
  vi.useFakeTimers()
  return () => vi.useRealTimers()
})

const lockMs = 1_000

/** An attempt whose first beats the store accepts, before it stops replying. `lostAt` is relative to the claim. */
function running({ accepted = 0, claimedAgo = 0 } = {}) {
  const attempt = createAttempt({ taskId: 't', turn: 1, attempt: 'a' })
  const claimedAt = performance.now() - claimedAgo
  let beats = 0
  const beat = () => {
    beats += 1
    const reply = { alive: true, cancelRequested: false }
    return beats > accepted ? new Promise<never>(() => {}) : Promise.resolve(reply)
  }
  const heartbeat = startHeartbeat({ attempt, store: { beat }, lockMs, claimedAt })
  let lostAt: number | undefined
  attempt.signal.addEventListener('abort', () => (lostAt = performance.now() - claimedAt))
  return { heartbeat, lostAt: () => lostAt }
}

test.each([{ claimedAgo: 0 }, { claimedAgo: 500 }, { claimedAgo: 700 }])(
  'without a reply, the attempt is stopped at 80 % of the lock time: %j',
  async (claim) => {
    const { lostAt } = running(claim)
    await vi.advanceTimersByTimeAsync(799 - claim.claimedAgo)
    expect(lostAt()).toBeUndefined()
    await vi.advanceTimersByTimeAsync(2)
    expect(lostAt()).toBeGreaterThanOrEqual(800)
  },
)

test('an accepted beat extends that time from when it was sent', async () => {
  const { lostAt } = running({ accepted: 2 })
  await vi.advanceTimersByTimeAsync(2 * 250 + 799)
  expect(lostAt()).toBeUndefined()
  await vi.advanceTimersByTimeAsync(2)
  expect(lostAt()).toBeGreaterThanOrEqual(1_300)
})

test('a heartbeat that was stopped leaves no timer', async () => {
  const { heartbeat, lostAt } = running()
  await vi.advanceTimersByTimeAsync(100)
  heartbeat.stop()
  void heartbeat.beat()
  expect(vi.getTimerCount()).toBe(0)
  expect(lostAt()).toBeUndefined()
})
