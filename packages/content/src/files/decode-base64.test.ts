import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeBase64 } from './decode-base64.ts'

test('encoded bytes are decoded, in both alphabets, with padding and without', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const text = Buffer.from(bytes).toString('base64')
      const safe = text.replaceAll('+', '-').replaceAll('/', '_')
      for (const form of [text, safe]) {
        expect(decodeBase64(form)).toEqual(Buffer.from(bytes))
        expect(decodeBase64(form.replaceAll('=', ''))).toEqual(Buffer.from(bytes))
      }
    }),
  )
})

test.each([
  ['QQ=', 'padding that is not complete'],
  ['QUI==', 'too much padding'],
  ['QUJD=', 'padding where none is due'],
  ['QUJD====', 'padding alone'],
  ['=', 'nothing but padding'],
  ['QQ==QQ==', 'padding in the middle'],
  ['Q', 'half a byte'],
  ['QUJDR', 'half a byte at the end'],
  ['QU JD', 'a space'],
  ['QUJD\n', 'a line break at the end'],
  ['QU\nJD', 'a line break'],
  ['-_+/', 'both alphabets'],
  ['QUJ!', 'another character'],
  ['QUJé', 'a letter of no alphabet'],
  ['data:image/png;base64,QUJD', 'a data URL'],
])('%j is not base64: %s', (text) => {
  expect(decodeBase64(text)).toBeUndefined()
})

test('ten megabytes are decoded, or refused for their last character', () => {
  const text = 'QUJD'.repeat(2_500_000)
  expect(decodeBase64(text)).toHaveLength(7_500_000)
  expect(decodeBase64(`${text.slice(0, -1)}!`)).toBeUndefined()
})
