import { limits } from '@longhaul/core'
import { expect, test } from 'vitest'
import { refuseManyFiles } from './refuse-many-files.ts'

const { perResult, perRequest } = limits.resultFiles

test('the files of one result are limited', () => {
  expect(() => refuseManyFiles({ message: results(perResult) })).not.toThrow()
  expect(() => refuseManyFiles({ message: results(1, perResult + 1) })).toThrow(
    'input[1].output: has 101 files: 100 are allowed in a result',
  )
})

test('the files of all results of a request are limited', () => {
  const [message, full] = [
    results(1),
    Array.from({ length: perRequest / perResult }, () => perResult),
  ]
  expect(() => refuseManyFiles({ before: before(...full.slice(1)), message })).not.toThrow()
  expect(() => refuseManyFiles({ before: before(...full), message })).toThrow(
    'input[0].output: has file 501 of all results of the request: 500 are allowed',
  )
})

function results(...counts: number[]) {
  const parts = resultsWith(counts).map((result) => ({ kind: 'tool_result' as const, ...result }))
  return { role: 'tool' as const, parts, paths: parts.map((_, at) => `input[${at}].output`) }
}

function before(...counts: number[]) {
  return [{ role: 'tool' as const, results: resultsWith(counts) }]
}

function resultsWith(counts: number[]) {
  return counts.map((count) => {
    const files = Array.from({ length: count }, () => ({ bytes: 'AAAA' }))
    return { callId: 'c1', result: 'see', files }
  })
}
