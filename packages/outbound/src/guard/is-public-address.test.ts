import { BlockList } from 'node:net'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { isPublicAddress } from './is-public-address.ts'

test.each([
  '1.1.1.1',
  '8.8.8.8',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '172.32.0.1',
  '192.0.1.1',
  '198.17.255.255',
  '223.255.255.255',
  '2606:4700:4700::1111',
  '2a00:1450:4001::1',
  '2001:4860:4860::8888',
])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true)
})

test.each([
  ['unspecified', '0.0.0.0', '0.1.2.3', '::'],
  ['loopback', '127.0.0.1', '127.255.255.254', '::1'],
  [
    'private',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    'fc00::1',
    'fd00:ec2::254',
  ],
  ['link-local', '169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'febf::1'],
  ['site-local', 'fec0::1', 'feff::1'],
  ['a carrier’s', '100.64.0.1', '100.100.100.200', '100.127.255.255'],
  ['multicast or broadcast', '224.0.0.1', '239.255.255.250', '255.255.255.255', 'ff02::1'],
  [
    'reserved',
    '192.0.0.1',
    '192.0.0.192',
    '192.88.99.1',
    '240.0.0.1',
    '4000::1',
    '5f00::1',
    'e000::1',
  ],
  ['for benchmarks', '198.18.0.1', '198.19.255.255', '2001:2::1'],
  ['for documents', '192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'],
  ['an IPv4 address in IPv6', '::ffff:7f00:1', '::ffff:8.8.8.8', '::7f00:1', '::ffff:0:7f00:1'],
  ['translated to IPv4', '64:ff9b::7f00:1', '64:ff9b:1::a00:1', '2002:7f00:1::', '2001::1'],
  ['for discarding', '100::1'],
  ['of the machine’s own host', '168.63.129.16'],
  [
    'not written as an address is',
    '127.1',
    '0x7f000001',
    '8.8',
    '010.8.8.8',
    '',
    'localhost',
    '[::1]',
  ],
])('an address that is %s is not public', (_, ...addresses) => {
  expect(addresses.filter(isPublicAddress)).toEqual([])
})

/** The special-purpose registries of IANA, as an independent reference. */
const special = new BlockList()
for (const [network = '', bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
] as [string, number][]) {
  special.addSubnet(network, bits, network.includes(':') ? 'ipv6' : 'ipv4')
}
special.addAddress('168.63.129.16')

test('every IPv4 address is public unless a registry gives it a special purpose', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      expect(isPublicAddress(address)).toBe(!special.check(address))
    }),
    { numRuns: 5_000 },
  )
})

test('every IPv6 address within 2000::/3 is public unless a registry gives it a special purpose', () => {
  const group = fc.oneof(
    fc.integer({ min: 0, max: 0xffff }),
    fc.constantFrom(
      0,
      1,
      2,
      0x64,
      0xdb8,
      0x2001,
      0x2002,
      0x2620,
      0x3fff,
      0x4f,
      0x8000,
      0xff9b,
      0xffff,
    ),
  )
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const address = groups.map((each) => each.toString(16)).join(':')
      const global = (groups[0] ?? 0) >> 13 === 1
      expect(isPublicAddress(address)).toBe(global && !special.check(address, 'ipv6'))
    }),
    { numRuns: 5_000 },
  )
})
