import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createBytesInFlight } from './bytes-in-flight.ts'

const bounds = { perKey: 100, perWorkspace: 120, perProcess: 150, small: 5 }

/** A key that is the only key of its workspace. */
const alone = (key: string) => ({ key, workspace: `of ${key}` })

describe('bytes in flight', () => {
  test('of a key above its share are refused with 429, until some are released', () => {
    const bytes = createBytesInFlight(bounds)
    const [first, second] = [bytes.open(alone('a')), bytes.open(alone('a'))]
    first.take(60)
    expect(() => second.take(41)).toThrow(
      expect.objectContaining({
        code: 'rate_limited',
        retryAfterSeconds: 1,
        details: { violated_policies: ['bytes_in_flight'] },
      }),
    )
    second.take(40)
    first.release()
    second.take(41)
    expect(bytes.now()).toBe(81)
  })

  test('of a process above its bound are refused with 503, even when other keys hold the rest', () => {
    const bytes = createBytesInFlight(bounds)
    bytes.open(alone('a')).take(90)
    expect(() => bytes.open(alone('b')).take(61)).toThrow(
      expect.objectContaining({ code: 'unavailable', retryAfterSeconds: 1 }),
    )
    bytes.open(alone('b')).take(60)
    const small = bytes.open(alone('c'))
    small.take(3)
    small.take(2)
    expect(() => small.take(1)).toThrow(expect.objectContaining({ code: 'unavailable' }))
  })

  test('of a single request are never too many', () => {
    const bytes = createBytesInFlight(bounds)
    const share = bytes.open(alone('a'))
    share.take(99)
    share.take(1_000)
    share.release()
    share.release()
    expect(bytes.now()).toBe(0)
  })

  test('of a workspace above its share are refused with 429, whichever key holds them', () => {
    const bytes = createBytesInFlight(bounds)
    const keyOfAcme = (key: string) => bytes.open({ key, workspace: 'acme' })
    const first = keyOfAcme('a')
    first.take(70)
    expect(() => keyOfAcme('b').take(51)).toThrow(
      expect.objectContaining({
        code: 'rate_limited',
        message: expect.stringMatching(/^Requests and replies of this workspace .* hold 120 bytes/),
        details: { violated_policies: ['bytes_in_flight'] },
      }),
    )
    keyOfAcme('b').take(50)
    keyOfAcme('c').take(5)
    bytes.open({ key: 'd', workspace: 'other' }).take(25)
    first.release()
    keyOfAcme('b').take(50)
    expect(bytes.now()).toBe(130)
  })

  test('are all released, whatever was taken and refused', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('a1', 'a2', 'b1'), fc.nat(200))), (takes) => {
        const bytes = createBytesInFlight(bounds)
        const shares = takes.map(([key, count]) => {
          const share = bytes.open({ key, workspace: key.slice(0, 1) })
          try {
            share.take(count)
          } catch {
            // A refusal takes nothing.
          }
          return share
        })
        for (const share of shares) share.release()
        expect(bytes.now()).toBe(0)
      }),
    )
  })
})
