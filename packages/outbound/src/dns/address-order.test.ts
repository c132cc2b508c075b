import { expect, test } from 'vitest'
import { inOrder } from './address-order.ts'

const both = ['1.2.3.4', '2606:4700::1', 'fd00::1', '::1', '1.2.3.4']

test.each([
  ['no IPv6', [], ['1.2.3.4', '2606:4700::1', 'fd00::1', '::1']],
  ['only itself', ['loopback'], ['::1', '1.2.3.4', '2606:4700::1', 'fd00::1']],
  ['a public address', ['loopback', 'global'], ['2606:4700::1', '::1', '1.2.3.4', 'fd00::1']],
  [
    'a private address',
    ['uniqueLocal', 'linkLocal'],
    ['fd00::1', '1.2.3.4', '2606:4700::1', '::1'],
  ],
] as const)(
  'a machine with %s tries the addresses first that it can reach',
  (_, kinds, expected) => {
    expect(inOrder(both, () => new Set(kinds))).toEqual(expected)
  },
)

test('addresses of one kind keep their order', () => {
  expect(inOrder(['fd00::2', '2606:4700::1'])).toEqual(['fd00::2', '2606:4700::1'])
  expect(inOrder(['5.6.7.8', '1.2.3.4'])).toEqual(['5.6.7.8', '1.2.3.4'])
})
