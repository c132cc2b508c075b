import { describe, expect, test } from 'vitest'
import { parseHostAllowList } from './egress-allow.ts'

describe('an allow list', () => {
  const allow = parseHostAllowList([
    'Tools.internal',
    '*.corp.example',
    'localhost',
    '10.1.0.0/16',
    '127.0.0.1',
    'fd00:1::/32',
    '::1',
  ])

  test.each([
    'tools.internal',
    'TOOLS.internal.',
    'a.corp.example',
    'a.b.corp.example',
    'localhost',
  ])('lets the host %s pass', (host) => {
    expect(allow.host(host)).toBe(true)
  })

  test.each([
    'x.tools.internal',
    'tools.internal.evil.test',
    'corp.example',
    'evilcorp.example',
    '',
  ])('does not let the host %j pass', (host) => {
    expect(allow.host(host)).toBe(false)
  })

  test.each(['10.1.0.0', '10.1.255.255', '127.0.0.1', 'fd00:1::2', '::1'])(
    'lets the address %s pass',
    (address) => {
      expect(allow.address(address)).toBe(true)
    },
  )

  test.each([
    '10.2.0.0',
    '127.0.0.2',
    'fd00:2::1',
    '::2',
    '::ffff:127.0.0.1',
    'tools.internal',
    '',
  ])('does not let the address %j pass', (address) => {
    expect(allow.address(address)).toBe(false)
  })
})

test.each([
  '',
  '*',
  '*.',
  'a b',
  'tools.internal:80',
  'http://tools.internal',
  'tools..internal',
  '10.1',
  '0x7f000001',
  '127.0.0.0x1',
  '010.0.0.1',
  '10.1.0.0/33',
  '10.1.0.0/',
  '10.1.0.0/-1',
  '10.1.0.0/8/8',
  '10.1/16',
  'fd00::/129',
  '[::1]',
  'tools.internal/8',
])('the entry %j is refused with an error that names it', (entry) => {
  expect(() => parseHostAllowList(['good.example', entry])).toThrow(
    `LONGHAUL_EGRESS_ALLOW has the entry ${JSON.stringify(entry)}`,
  )
})
