import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { mcpNames } from './mcp-names.ts'

const tool = (name: string, since = 0, server = 'files') => ({ server, name, since })
const namesOf = (tools: ReturnType<typeof tool>[], taken?: string[]) => [
  ...mcpNames(tools, taken).values(),
]

test('equal names are distinguished by the key of the server, then by a hash', () => {
  expect(namesOf([tool('a.b'), tool('a/b'), tool('a b'), tool('a:b')])).toEqual([
    'a_b',
    'files_a_b',
    expect.stringMatching(/^files_a_b_[0-9a-f]{12}$/),
    expect.stringMatching(/^files_a_b_[0-9a-f]{12}$/),
  ])
})

test('names of any length are distinguished', () => {
  const long = 'x'.repeat(80)
  const names = namesOf([tool(`${long}1`), tool(`${long}2`), tool(`${long}3`)])
  expect(new Set(names).size).toBe(3)
})

test('the first of two tools keeps the plain name', () => {
  const tools = [tool('search', 2, 'new'), tool('search', 1, 'old')]
  expect([...mcpNames(tools)].map(([{ server }, name]) => [server, name])).toEqual([
    ['old', 'search'],
    ['new', 'new_search'],
  ])
  expect(namesOf([tool('search')], ['search'])).toEqual(['files_search'])
})

test('a tool without a free name is left out', () => {
  const tools = Array.from({ length: 4 }, () => tool('a'))
  expect(namesOf(tools)).toHaveLength(3)
})

test('names are distinct and fit every vendor, and a new tool renames no other', () => {
  const word = fc.oneof(
    fc.constantFrom('a.b', 'a b', 'a_b', 's_a_b', 'é', '日本', `${'x'.repeat(70)}1`),
    fc.string({ maxLength: 80, unit: 'binary' }),
  )
  const some = fc.uniqueArray(fc.tuple(word, fc.constantFrom('s', 't')), {
    selector: ([name, server]) => `${server} ${name}`,
    maxLength: 20,
  })
  fc.assert(
    fc.property(some, some, (first, second) => {
      const old = first.map(([name, server]) => tool(name, 1, server))
      const before = mcpNames(old)
      expect(before.size).toBe(old.length)
      const known = new Set(first.map(([name, server]) => `${server} ${name}`))
      const added = second
        .filter(([name, server]) => !known.has(`${server} ${name}`))
        .map(([name, server]) => tool(name, 2, server))
      const after = mcpNames([...added, ...old])
      for (const each of old) expect(after.get(each)).toBe(before.get(each))
      const names = [...after.values()]
      expect(new Set(names).size).toBe(names.length)
      for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{0,64}$/)
    }),
  )
})
