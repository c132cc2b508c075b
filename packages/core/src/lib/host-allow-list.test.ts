import { expect, test } from 'vitest'
import { type HostRule, parseHostRule, parseNetwork } from './host-allow-list.ts'

test.each<[string, HostRule]>([
  ['Tools.internal', { kind: 'host', name: 'tools.internal' }],
  ['localhost', { kind: 'host', name: 'localhost' }],
  ['my_host.corp-1.example', { kind: 'host', name: 'my_host.corp-1.example' }],
  ['*.Corp.example', { kind: 'subdomains', suffix: '.corp.example' }],
  ['127.0.0.1', { kind: 'network', address: '127.0.0.1', bits: 32 }],
  ['10.1.0.0/16', { kind: 'network', address: '10.1.0.0', bits: 16 }],
  ['0.0.0.0/0', { kind: 'network', address: '0.0.0.0', bits: 0 }],
  ['::1', { kind: 'network', address: '::1', bits: 128 }],
  ['fd00:1::/32', { kind: 'network', address: 'fd00:1::', bits: 32 }],
])('the entry %j of an allow-list is read', (entry, rule) => {
  expect(parseHostRule(entry)).toEqual(rule)
})

test.each([
  '',
  '*',
  '*.',
  '*tools.internal',
  'a.*.internal',
  'a b',
  'tools.internal:80',
  'http://tools.internal',
  'tools..internal',
  '.internal',
  'tools.internal.',
  '10.1',
  '2130706433',
  '0x7f000001',
  '127.0.0.0x1',
  '010.0.0.1',
  '10.1.0.0/33',
  '10.1.0.0/0008',
  '10.1.0.0/',
  '10.1.0.0/-1',
  '10.1.0.0/1e1',
  '10.1.0.0/8/8',
  '10.1/16',
  'fd00::/129',
  '[::1]',
  'tools.internal/8',
  'tools.internal\n',
])('the entry %j of an allow-list is refused', (entry) => {
  expect(parseHostRule(entry)).toBeUndefined()
})

test('a network is an address with or without a prefix length', () => {
  expect(parseNetwork('10.0.0.0/8')).toEqual({ kind: 'network', address: '10.0.0.0', bits: 8 })
  expect(parseNetwork('::1')?.bits).toBe(128)
  expect(parseNetwork('loopback')).toBeUndefined()
})
