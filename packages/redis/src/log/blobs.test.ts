import { limits } from '@longhaul/core'
import { expect, test } from 'vitest'
import { record as asRecord } from '../connection/parser.ts'
import { type Blobs, pack } from './blobs.ts'
import { unpack } from './unpack-blobs.ts'

const most = limits.transferPage

/** Unpacks records whose values have these lengths. Returns how often the event loop ran other work meanwhile. */
async function turnsDuring(lengths: number[]): Promise<number> {
  const blobs: Blobs = new Map()
  const records = lengths.map((length, at) => ({ at, value: 'x'.repeat(length) + String(at) }))
  const texts = records.map((record) => pack(record, blobs))
  let turns = 0
  let counting = true
  const count = () => {
    turns += 1
    if (counting) setImmediate(count)
  }
  setImmediate(count)
  expect(await unpack(texts, () => Promise.resolve(blobs), { parse: asRecord })).toEqual(records)
  counting = false
  return turns
}

test('large values are parsed in batches, and the event loop runs other work in between', async () => {
  expect(await turnsDuring(Array<number>(20).fill(most / 2))).toBeGreaterThanOrEqual(9)
  expect(await turnsDuring([most, most, most])).toBeGreaterThanOrEqual(2)
})

test('the values of a small log are parsed at once', async () => {
  expect(await turnsDuring(Array<number>(5).fill(limits.inline))).toBe(0)
})

test('neither a record nor a large value is stored or read with a lone surrogate', async () => {
  const long = 'x'.repeat(limits.inline)
  const record = { small: 'a\ud800', '\udc00': 1, large: `\ud83d${long}` }
  const healed = { small: 'a\ufffd', '\ufffd': 1, large: `\ufffd${long}` }
  const blobs: Blobs = new Map()
  const text = pack(record, blobs)
  expect(text + [...blobs.values()].join('')).not.toContain(String.raw`\ud`)
  const load = () => Promise.resolve(new Map(blobs))
  expect(await unpack([text], load, { parse: asRecord })).toEqual([healed])

  // In the form that an earlier version stored.
  const [hash = ''] = blobs.keys()
  blobs.set(hash, JSON.stringify(record.large))
  const old = text.replaceAll('\ufffd', String.raw`\ud800`)
  expect(await unpack([old], load, { parse: asRecord })).toEqual([healed])
})
