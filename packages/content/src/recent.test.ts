import { expect, test } from 'vitest'
import { createRecent } from './recent.ts'

test('what was used the longest ago is forgotten when there are too many', () => {
  const recent = createRecent<number>({ entries: 2, characters: 100 })
  recent.set('a', 1)
  recent.set('b', 2)
  expect(recent.get('a')).toBe(1)
  recent.set('c', 3)
  expect([recent.get('a'), recent.get('b'), recent.get('c')]).toEqual([1, undefined, 3])
})

test('or when their keys are too long together', () => {
  const recent = createRecent<number>({ entries: 10, characters: 8 })
  recent.set('aaaa', 1)
  recent.set('bb', 2)
  recent.set('aaaa', 3)
  recent.set('cccc', 4)
  expect([recent.get('bb'), recent.get('aaaa'), recent.get('cccc')]).toEqual([undefined, 3, 4])
  recent.set('d'.repeat(9), 5)
  expect(recent.get('cccc')).toBeUndefined()
})
