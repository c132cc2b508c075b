import { expect, test } from 'vitest'
import { limits } from '../limits/limits.ts'
import { noFiles, resultFilesProblem } from './result-files.ts'

const { perResult, perTurn, bytesPerTurn } = limits.resultFiles
const file = { bytes: 'AAAA' }
const some = (count: number) => Array.from({ length: count }, () => file)

test.each([
  ['as many files as are allowed', some(perResult), noFiles, /^none$/],
  ['one more', some(perResult + 1), noFiles, /101 files: 100 are kept/],
  ['the last file of a turn', [file], { count: perTurn - 1, characters: 0 }, /^none$/],
  ['one more of the turn', [file], { count: perTurn, characters: 0 }, /501 files: 500 are kept/],
  [
    'more bytes than a turn may have',
    [file],
    { count: 1, characters: Math.ceil((bytesPerTurn * 4) / 3) },
    /33554435 bytes: 33554432 are kept/,
  ],
])('a result with %s', (_, files, before, problem) => {
  expect(resultFilesProblem(files, before) ?? 'none').toMatch(problem)
})
