import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { readBody } from './read-body.ts'

const plain = { encoding: '', maxBytes: 1_000_000 }

test('a small chunk does not keep its large buffer in memory', async () => {
  const shared = Buffer.alloc(64 * 1024)
  function* chunks() {
    for (const letter of 'abcdefghij') yield shared.fill(letter).subarray(0, 1)
  }
  const body = await readBody(Readable.from(chunks()), plain)
  expect(Buffer.from(body).toString()).toBe('abcdefghij')
})

test('a body of many chunks is complete, up to its last byte', async () => {
  const pieces = Array.from({ length: 1_000 }, (_, at) => Buffer.alloc(at % 7, at))
  const body = await readBody(Readable.from(pieces), { encoding: '', maxBytes: 2_997 })
  expect(Buffer.compare(Buffer.from(body), Buffer.concat(pieces))).toBe(0)
  await expect(readBody(Readable.from(pieces), { encoding: '', maxBytes: 2_996 })).rejects.toThrow(
    'larger than 2996 bytes',
  )
})
