import { expect, test } from 'vitest'
import { findWords } from './find-words.ts'

function found(words: string[], text: string) {
  return findWords(words.map((word) => ({ text: word })))(text).map(({ start, end }) =>
    text.slice(start, end),
  )
}

test('every word is found, also within another one and after the beginning of another one', () => {
  expect(found(['abcdefgh-x', 'bcdefgh-y', 'cdefgh-z'], 'abcdefgh-y cdefgh-z')).toEqual([
    'bcdefgh-y',
    'cdefgh-z',
  ])
})

test('of words that end at the same position the longest is found', () => {
  expect(found(['12345678', 'x12345678'], 'ax12345678')).toEqual(['x12345678'])
})

test('a short word is found where it stands alone, also when a longer word ends there', () => {
  expect(found(['prod', 'is-prod', 'a-prod-x-prod'], 'prods this-prod a-prod-x-prod')).toEqual([
    'prod',
    'prod',
    'a-prod-x-prod',
    'prod',
  ])
})
