import { expect, test } from 'vitest'
import { decodeText } from './decode-text.ts'

const latin1 = Buffer.from('Zürich', 'latin1')
const utf8 = Buffer.from('Zürich')
const utf16 = Buffer.from('\ufeffZürich', 'utf16le')

test.each([
  ['text/plain; charset=iso-8859-1', latin1],
  ['text/plain;charset="ISO-8859-1"; x=y', latin1],
  ['text/plain; Charset = windows-1252', latin1],
  ['application/json; charset=utf-16', utf16],
  ['application/json; charset=UTF-8', utf8],
  ['application/json', utf8],
  ['application/json', Buffer.from('\ufeffZürich')],
  ['', utf8],
  ['text/plain; charset=', utf8],
  ['text/plain; charset=""', utf8],
  ['text/plain; charset=no-such-set', utf8],
  ['text/plain; x-charset=iso-8859-1', utf8],
  ['text/plain; charset=shift_jis', Buffer.from([0x5a, 0x83, 0x81])],
])('%s', (contentType, body) => {
  expect(decodeText(body, contentType)).toBe(contentType.includes('jis') ? 'Zメ' : 'Zürich')
})

test('the euro sign of windows-1252 is decoded', () => {
  expect(decodeText(Uint8Array.of(0x80), 'text/plain; charset=windows-1252')).toBe('€')
})

test('bytes that are invalid in the character set become U+FFFD', () => {
  expect(decodeText(latin1, 'text/plain')).toBe('Z\ufffdrich')
})
