import { expect, test } from 'vitest'
import * as reply from './reply.ts'

const parse = reply.cases('outcome', {
  ok: {
    length: reply.number,
    cancelRequested: reply.bit,
    deadline: reply.unlessEmpty(reply.number),
  },
  gone: {},
})

test('the positions of a reply get names, by its case', () => {
  const ok = { outcome: 'ok', length: 3, cancelRequested: true, deadline: undefined }
  expect(parse(['ok', '3', 1, ''])).toEqual(ok)
  expect(parse(['gone'])).toEqual({ outcome: 'gone' })
})

test('a reply of an unknown case or form is refused', () => {
  expect(() => parse(['new'])).toThrow('is not a list that begins with its outcome')
  expect(() => parse('ok')).toThrow(TypeError)
  expect(() => parse(null)).toThrow(TypeError)
  expect(() => parse(['ok', 3, 2, ''])).toThrow('2 is not 0 or 1')
  expect(() => parse(['ok', 'three', 1, ''])).toThrow('is not a number')
  expect(() => parse(['ok', 3, 1])).toThrow(TypeError)
  expect(() => parse(['gone', 1])).toThrow('is not a shorter list')
  expect(() => reply.oneOf('ended', 'stale')('gone')).toThrow('is not ended, stale')
  expect(() => reply.nothing(1)).toThrow('is not nothing')
})

test('an absent value is undefined where it may be', () => {
  const page = reply.maybe(reply.tuple({ field: reply.text, json: reply.maybe(reply.text) }))
  expect(page(null)).toBeUndefined()
  expect(page(['latest'])).toEqual({ field: 'latest', json: undefined })
})
