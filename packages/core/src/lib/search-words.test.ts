import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { limits } from '../limits/limits.ts'
import { hasWords, searchWords, wordsOf } from './search-words.ts'

const finds = (text: string, wanted: string) => hasWords(searchWords(text), wordsOf(wanted))

test('a text is found by words of its beginning, in any order, without case and accents', () => {
  const text = 'Refund order A-2093 for Zoë: the café was CLOSED.'
  for (const wanted of ['refund', 'closed ZOE', 'Cafe', 'ord a 2093', 'A-2093', ''])
    expect([wanted, finds(text, wanted)]).toEqual([wanted, true])
  for (const wanted of ['fund', 'refund missing', 'order9']) expect(finds(text, wanted)).toBe(false)
})

test('a text in a script without spaces is found by what is inside of it', () => {
  expect(finds('注文の返金をお願いします', '返金')).toBe(true)
  expect(finds('注文の返金をお願いします', '注文 願い')).toBe(true)
  expect(finds('注文の返金をお願いします', '配送')).toBe(false)
})

test('the words of any text take a limited number of bytes, and each of them finds it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 600 }), (text) => {
      const words = searchWords(text)
      expect(Buffer.byteLength(words)).toBeLessThanOrEqual(limits.search.bytes)
      for (const word of words.split(' ')) expect(hasWords(words, wordsOf(word))).toBe(true)
    }),
  )
})
