import { expect, test } from 'vitest'
import { versionedUrl } from './versioned-url.ts'

test.each([
  ['https://api.anthropic.com', 'https://api.anthropic.com/v1'],
  ['https://api.anthropic.com/', 'https://api.anthropic.com/v1'],
  ['https://api.anthropic.com/v1/', 'https://api.anthropic.com/v1'],
  ['https://host/proxy', 'https://host/proxy/v1'],
  ['https://host/proxy/v1beta', 'https://host/proxy/v1beta'],
])('%s becomes %s', (baseUrl, expected) => {
  expect(versionedUrl(baseUrl, 'v1')).toBe(expected)
})
