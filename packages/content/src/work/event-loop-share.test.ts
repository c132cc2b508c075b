import { expect, test } from 'vitest'
import { createLoopShare } from './event-loop-share.ts'

test('the share of a workspace is restored with time, and does not reduce the shares of others', () => {
  let now = 0
  const share = createLoopShare({ milliseconds: 100, perSecond: 50, now: () => now })
  share.use('alpha', 80)
  expect([share.left('alpha'), share.left('beta')]).toEqual([20, 100])
  share.use('alpha', 30)
  expect(share.left('alpha')).toBe(0)
  now += 1_000
  expect(share.left('alpha')).toBe(40)
  now += 60_000
  expect(share.left('alpha')).toBe(100)
})
