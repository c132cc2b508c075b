import { limits } from '@longhaul/core'
import { expect, test } from 'vitest'
import { refuseLargePieces } from './refuse-large-turn.ts'

const small = { path: 'message.parts[0]', value: 'hello' }
const half = 'x'.repeat(limits.submission / 2)

test('all pieces of a request are counted, and the largest one is named', () => {
  refuseLargePieces([
    small,
    { path: 'before[0]', value: half },
    { path: 'variables', value: undefined },
  ])
  const pieces = [small, { path: 'before[0]', value: half }, { path: 'variables', value: { half } }]
  expect(() => refuseLargePieces(pieces)).toThrow(
    expect.objectContaining({
      code: 'too_large',
      fields: [expect.objectContaining({ path: 'variables' })],
    }),
  )
})

test('a piece counts with the bytes that it has as JSON', () => {
  const pieces = [{ path: 'variables', value: { x: '\u0001'.repeat(limits.submission / 6) } }]
  expect(() => refuseLargePieces(pieces)).toThrow(/variables: takes/)
})
