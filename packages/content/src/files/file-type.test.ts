import { expect, test } from 'vitest'
import { fileType } from './file-type.ts'

const bytes = (start: string) => Buffer.from(`${start} and all that follows`, 'latin1')

test.each([
  ['\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'image/png'],
  ['\xff\xd8\xff\xe0\0\x10JFIF', 'image/jpeg'],
  ['\xff\xd8\xff\xe1\0\x10Exif', 'image/jpeg'],
  ['GIF87a', 'image/gif'],
  ['GIF89a', 'image/gif'],
  ['RIFF\x24\x01\0\0WEBPVP8 ', 'image/webp'],
  ['%PDF-1.7\n', 'application/pdf'],
  ['RIFF\x24\x01\0\0WAVEfmt ', undefined],
  ['GIF88a', undefined],
  [' %PDF-1.7', undefined],
  ['\x89PNG\n\x1a\n', undefined],
  ['<svg>', undefined],
  ['MZ', undefined],
])('%j begins a file of type %s', (start, type) => {
  expect(fileType(bytes(start))).toBe(type)
})

test('a file that is too short has no type', () => {
  for (const start of ['', '\x89PN', '\xff\xd8', 'RIFF\x24\x01\0\0WEB', '%PDF']) {
    expect(fileType(Buffer.from(start, 'latin1'))).toBeUndefined()
  }
  expect(fileType(Uint8Array.of(0xff, 0xd8, 0xff))).toBe('image/jpeg')
})
