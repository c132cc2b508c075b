import { expect, test } from 'vitest'
import { readDataUrl } from './read-data-url.ts'

test('a data URL in base64 has a type and bytes', () => {
  expect(readDataUrl('data:image/png;base64,AAAA')).toEqual({
    mimeType: 'image/png',
    bytes: 'AAAA',
  })
  expect(readDataUrl('data:text/plain;charset=utf-8;base64,AA,A')).toEqual({
    mimeType: 'text/plain',
    bytes: 'AA,A',
  })
  expect(readDataUrl('data:;base64,')).toEqual({ bytes: '' })
})

test.each([
  '',
  'AAAA',
  'https://example.com/;base64,A',
  'data:a',
  'data:a,b',
  'data:base64,AAAA',
  'data:a;base64;x,AAAA',
])('%j is no data URL in base64', (text) => {
  expect(readDataUrl(text)).toBeUndefined()
})

test('a data URL may have millions of parameters', () => {
  expect(readDataUrl(`data:${';'.repeat(9_000_000)}`)).toBeUndefined()
  expect(readDataUrl(`data:a${';x'.repeat(4_500_000)};base64,AAAA`)).toEqual({
    mimeType: 'a',
    bytes: 'AAAA',
  })
})
