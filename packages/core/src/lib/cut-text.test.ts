import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutBytes, cutText, lastOfText } from './cut-text.ts'

/** Texts with many pairs, some of them broken. */
const texts = fc
  .array(fc.constantFrom('a', '😀', 'é', '\ud83d', '\ude00'))
  .map((parts) => parts.join(''))
const lengths = fc.nat({ max: 30 })

test('a text is cut to its first characters', () => {
  fc.assert(
    fc.property(texts, lengths, (text, most) => {
      const cut = cutText(text, most)
      expect(text.startsWith(cut)).toBe(true)
      expect([most, most - 1]).toContain(cut.length + Math.max(0, most - text.length))
    }),
  )
})

test('a text is cut to its last characters', () => {
  fc.assert(
    fc.property(texts, lengths, (text, most) => {
      const cut = lastOfText(text, most)
      expect(text.endsWith(cut)).toBe(true)
      expect([most, most - 1]).toContain(cut.length + Math.max(0, most - text.length))
    }),
  )
})

test('a cut never splits a surrogate pair', () => {
  fc.assert(
    fc.property(texts, lengths, (text, most) => {
      const whole = text.toWellFormed()
      expect(cutText(whole, most).isWellFormed()).toBe(true)
      expect(lastOfText(whole, most).isWellFormed()).toBe(true)
    }),
  )
})

test.each([
  [cutText, 'a😀b', 2, 'a'],
  [cutText, 'a😀b', 3, 'a😀'],
  [cutText, 'a😀b', 9, 'a😀b'],
  [cutText, '😀', 0, ''],
  [lastOfText, 'a😀b', 2, 'b'],
  [lastOfText, 'a😀b', 3, '😀b'],
  [lastOfText, '😀', 0, ''],
])('%o: of %s, %i characters are %s', (cut, text, most, left) => {
  expect(cut(text, most)).toBe(left)
})

test('a text is cut to the bytes that it may have, between two characters', () => {
  fc.assert(
    fc.property(texts, lengths, (text, most) => {
      const cut = cutBytes(text, most)
      const [next = 'x'.repeat(most + 1)] = Array.from(text.slice(cut.length))
      expect(text.startsWith(cut)).toBe(true)
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(most)
      expect(Buffer.byteLength(cut) + Buffer.byteLength(next)).toBeGreaterThan(most)
    }),
  )
})
