import { expect, test } from 'vitest'
import { missingWords, readGlossary, wordsOf } from './glossary.ts'
import { privateWords } from './private-words.ts'
import { readSourceFiles } from './source-files.ts'

const paths = [...readSourceFiles().keys()]
const glossary = readGlossary()

test('every word of a file’s name is in the glossary of ARCHITECTURE.md', () => {
  expect(missingWords(paths, glossary)).toEqual({})
})

test('a name with an unknown word is found', () => {
  const path = 'packages/core/src/log/frobnicate-facts.test.ts'
  expect(missingWords([path], glossary)).toEqual({ frobnicate: [path] })
})

test('no private word is in the glossary', () => {
  const words = [...glossary.terms, ...glossary.ordinary]
  expect(words.filter((word) => privateWords.has(word))).toEqual([])
})

test('suffixes and plurals are ignored', () => {
  const words = wordsOf('tests/upgrade/version-before.long.test.ts')
  expect([words, wordsOf('a/fetch-boxes.d.mts'), wordsOf('log-entries.lua')]).toEqual([
    ['version', 'before'],
    ['fetch', 'box'],
    ['log', 'entry'],
  ])
})
