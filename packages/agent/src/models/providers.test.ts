import { expect, test } from 'vitest'
import { providersFromEnvironment } from './providers.ts'

test.each([
  ['nothing', {}, ['demo']],
  ['blank variables', { OPENAI_API_KEY: ' ', OPENAI_BASE_URL: '' }, ['demo']],
  ['a key', { OPENAI_API_KEY: 'sk-1' }, ['demo', 'openai']],
  ['a base URL', { OPENAI_BASE_URL: 'http://localhost:1234/v1' }, ['demo', 'openai']],
  [
    'all keys',
    { OPENAI_API_KEY: 'a', ANTHROPIC_API_KEY: 'b', GOOGLE_API_KEY: 'c' },
    ['demo', 'openai', 'anthropic', 'google'],
  ],
  ['a base URL of another vendor', { ANTHROPIC_BASE_URL: 'http://x' }, ['demo', 'anthropic']],
  [
    'further providers',
    { LONGHAUL_PROVIDERS: { local: { baseUrl: 'http://localhost:8000/v1' } } },
    ['demo', 'local'],
  ],
])('%s in the environment configures the providers that it names', (_, environment, names) => {
  expect([...providersFromEnvironment(environment).keys()]).toEqual(names)
})

test.each([
  [{ OPENAI_BASE_URL: 'localhost:1234' }, /OPENAI_BASE_URL must be/],
  [{ GOOGLE_BASE_URL: 'localhost:1234' }, /GOOGLE_BASE_URL must be/],
  [{ LONGHAUL_PROVIDERS: { local: { baseUrl: 'nonsense' } } }, /base_url of "local" must be/],
  [{ LONGHAUL_PROVIDERS: { 'a/b': { baseUrl: 'http://x/v1' } } }, /"a\/b" cannot name/],
  [{ LONGHAUL_PROVIDERS: { 'a b': { baseUrl: 'http://x/v1' } } }, /"a b" cannot name/],
])('%j is refused with an error that names the variable', (environment, message) => {
  expect(() => providersFromEnvironment(environment)).toThrow(message)
})
