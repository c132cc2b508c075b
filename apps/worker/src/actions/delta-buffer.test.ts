import type { NewDelta } from '@longhaul/core'
import { describe, expect, test, vi } from 'vitest'
import { createDeltaBuffer } from './delta-buffer.ts'

/** Writes the texts of one part after the other, and returns the recorded pieces of each part. */
async function recorded(parts: string[][]): Promise<{ pieces: string[]; count: number }[]> {
  const written: NewDelta[] = []
  const buffer = createDeltaBuffer(async (deltas) => void written.push(...deltas), { interval: 0 })
  for (const [at, texts] of parts.entries()) {
    for (const text of texts) buffer.push({ partId: `part_${at}`, kind: 'text', text })
  }
  await buffer.close()
  return parts.map((_, at) => {
    const partId = `part_${at}`
    const pieces = written.filter((delta) => delta.partId === partId).map(({ text }) => text)
    return { pieces, count: buffer.count(partId) }
  })
}

/** All lists of this length of surrogates and whole characters. */
function everyList(length: number): string[][] {
  if (length === 0) return [[]]
  return everyList(length - 1).flatMap((list) =>
    ['a', '\ud83d', '\ude00', '😀'].map((text) => [...list, text]),
  )
}

test('for any split of a text, the recorded pieces make the text, with U+FFFD for lone surrogates', async () => {
  for (const texts of everyList(4)) {
    // The second part follows at once, so a lone surrogate of the first part is not held back.
    const parts = [texts, ['\ude00', ...texts]]
    for (const [at, { pieces, count }] of (await recorded(parts)).entries()) {
      expect(pieces.join('')).toBe(parts[at]?.join('').toWellFormed())
      expect(pieces.every((piece) => piece.isWellFormed())).toBe(true)
      expect(count).toBe(pieces.length)
    }
  }
})

test('a high surrogate waits for the next delta', async () => {
  const [part] = await recorded([['a\ud83d', '\ude00b']])
  expect(part?.pieces).toEqual(['a', '😀b'])
})

test('a lone surrogate at the end is recorded as U+FFFD', async () => {
  const [part] = await recorded([['\ud83d']])
  expect(part).toEqual({ pieces: ['\ufffd'], count: 1 })
})

describe('while the first output is held back', () => {
  const hold = 100

  test('a part that ends is not recorded, and one that takes longer is recorded as a whole', async () => {
    vi.useFakeTimers()
    const written: NewDelta[] = []
    const buffer = createDeltaBuffer(async (deltas) => void written.push(...deltas), { hold })
    buffer.push({ partId: 'long', kind: 'reasoning', text: 'a' })
    await vi.advanceTimersByTimeAsync(hold - 1)
    expect(written).toEqual([])
    buffer.push({ partId: 'long', kind: 'reasoning', text: 'b' })
    await vi.advanceTimersByTimeAsync(1)
    expect(written.map(({ text }) => text)).toEqual(['ab'])
    buffer.push({ partId: 'long', kind: 'reasoning', text: 'c' })
    buffer.push({ partId: 'short', kind: 'text', text: 'd' })
    await buffer.close()
    expect(written.map(({ text }) => text)).toEqual(['ab', 'c'])
    expect([buffer.count('long'), buffer.count('short')]).toEqual([2, 0])
    vi.useRealTimers()
  })

  test('nothing is recorded of a part that ends with the first half of a pair', async () => {
    vi.useFakeTimers()
    const written: NewDelta[] = []
    const buffer = createDeltaBuffer(async (deltas) => void written.push(...deltas), { hold })
    buffer.push({ partId: 'half', kind: 'text', text: '\ud83d' })
    await vi.advanceTimersByTimeAsync(hold)
    await buffer.close()
    expect([written, buffer.count('half')]).toEqual([[], 0])
    vi.useRealTimers()
  })
})
