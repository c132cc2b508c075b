import { expect, test } from 'vitest'
import { candidates, searchIn } from './search-domains.ts'

test('the last `search` and the last `domain` count, and options are read', () => {
  expect(searchIn('')).toEqual({ domains: [], ndots: 1 })
  expect(searchIn('nameserver 10.0.0.1\ndomain a.test # ours\noptions edns0 ndots:2')).toEqual({
    domains: ['a.test'],
    ndots: 2,
  })
  expect(searchIn('domain a.test\nsearch b.test  c.test\noptions ndots:99')).toEqual({
    domains: ['b.test', 'c.test'],
    ndots: 15,
  })
})

test.each([
  ['tools', ['tools.a.test', 'tools.b.test', 'tools']],
  ['tools.x', ['tools.x', 'tools.x.a.test', 'tools.x.b.test']],
  ['tools.', ['tools']],
  [`${'x'.repeat(250)}.y`, [`${'x'.repeat(250)}.y`]],
])('%s is searched as %j', (host, names) => {
  expect(candidates(host, { domains: ['a.test', '.b.test.'], ndots: 1 })).toEqual(names)
})

test('a search in the root domain is for the name itself', () => {
  expect(candidates('tools', { domains: ['.'], ndots: 5 })).toEqual(['tools'])
})
