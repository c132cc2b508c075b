import { expect, test } from 'vitest'
import { addressGroup, createUnknownKeys } from './unknown-keys.ts'

function setup({ perMinute = 3, addresses = 10 } = {}) {
  const clock = { time: 1_000_000 }
  const unknownKeys = createUnknownKeys({ now: () => clock.time, perMinute, addresses })
  const guess = (address: string, times = 1) => {
    for (let n = 0; n < times; n += 1) unknownKeys.unknown(address)
  }
  const refusal = (address: string, hash?: string) => {
    try {
      unknownKeys.refuse(address, hash)
      return undefined
    } catch (error) {
      return error
    }
  }
  return { clock, unknownKeys, guess, refusal }
}

test('after too many unknown keys, an address is refused until the minute is over', () => {
  const { clock, guess, refusal } = setup()
  guess('192.0.2.1', 2)
  expect(refusal('192.0.2.1')).toBeUndefined()
  clock.time += 20_000
  guess('192.0.2.1')
  expect(refusal('192.0.2.1')).toMatchObject({
    code: 'rate_limited',
    details: { violated_policies: ['unknown_keys'] },
    retryAfterSeconds: 40,
  })
  expect(refusal('192.0.2.2')).toBeUndefined()
  clock.time += 40_000
  expect(refusal('192.0.2.1')).toBeUndefined()
})

test('a key that was valid recently passes from such an address, until it is unknown', () => {
  const { clock, unknownKeys, guess, refusal } = setup()
  unknownKeys.valid('good')
  clock.time += 59 * 60_000
  guess('192.0.2.1', 3)
  expect(refusal('192.0.2.1', 'good')).toBeUndefined()
  expect(refusal('192.0.2.1', 'other')).toBeDefined()
  unknownKeys.unknown('192.0.2.2', 'good')
  expect(refusal('192.0.2.1', 'good')).toBeDefined()
})

test('a key counts as valid for an hour after its latest use', () => {
  const { clock, unknownKeys, guess, refusal } = setup()
  unknownKeys.valid('good')
  clock.time += 60 * 60_000
  guess('192.0.2.1', 3)
  expect(refusal('192.0.2.1', 'good')).toBeDefined()
})

test('when there are too many addresses, the oldest are removed', () => {
  const { guess, refusal } = setup({ addresses: 2 })
  guess('192.0.2.1', 3)
  guess('192.0.2.2', 3)
  guess('192.0.2.3', 3)
  expect(refusal('192.0.2.1')).toBeUndefined()
  expect(refusal('192.0.2.2')).toBeDefined()
  expect(refusal('192.0.2.3')).toBeDefined()
})

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::1', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002:ffff::', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
  [undefined, 'unknown'],
])('the address %s belongs to %s', (address, group) => {
  expect(addressGroup(address)).toBe(group)
})
