import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonPieces } from './json-pieces.ts'

test('the pieces of an object are its JSON', () => {
  const value = fc.anything()
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.oneof(value, fc.array(value))), (body) => {
      expect([...jsonPieces(body)].join('')).toBe(JSON.stringify(body))
    }),
  )
})

test('each item of a list is a piece', () => {
  expect([...jsonPieces({ object: 'list', data: [{ a: 1 }, undefined], none: undefined })]).toEqual(
    ['{"object":"list"', ',"data":[', '{"a":1}', ',null', ']', '}'],
  )
})
