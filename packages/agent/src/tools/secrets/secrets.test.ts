import { describe, expect, test } from 'vitest'
import { limits } from '@longhaul/core'
import { createSecrets } from './secrets.ts'

function secretsOf(...opened: string[]) {
  const secrets = createSecrets((sealed) => sealed)
  for (const secret of opened) secrets.open(secret)
  return secrets
}

const secret = String.raw`pa"ss\wörd/12 34&<x>'y`
const json = JSON.stringify(secret)

describe('an answer that repeats a secret is masked', () => {
  test.for([
    ['unchanged', secret],
    ['in JSON', json.slice(1, -1)],
    ['in JSON in JSON', JSON.stringify(json).slice(3, -3)],
    [
      'in JSON of ASCII',
      json
        .slice(1, -1)
        .replaceAll('ö', String.raw`\u00f6`)
        .replaceAll('/', String.raw`\/`),
    ],
    ['percent-encoded', encodeURIComponent(secret)],
    [
      'percent-encoded in lower case',
      encodeURIComponent(secret).replaceAll(/%../g, (x) => x.toLowerCase()),
    ],
    ['as a form', new URLSearchParams({ a: secret }).toString().slice(2)],
    [
      'in HTML',
      secret
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;')
        .replaceAll("'", '&#39;'),
    ],
    ['in hex', Buffer.from(secret).toString('hex').toUpperCase()],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in base64url', Buffer.from(secret).toString('base64url')],
  ])('%s', ([, form = '']) => {
    const { maskText } = secretsOf(secret)
    expect(maskText(`you sent ${form}, thanks`)).toBe('you sent [secret], thanks')
  })

  test.for(['', 'u', 'us', 'use'])('in base64 after "%s" and before other text', (before) => {
    const { maskText } = secretsOf('s3cr3t-token-value')
    for (const after of ['', ':', ':x', ':xy']) {
      const text = Buffer.from(`${before}s3cr3t-token-value${after}`).toString('base64')
      const left = Buffer.from(maskText(text).replaceAll('[secret]', ''), 'base64').toString()
      expect(maskText(text)).toContain('[secret]')
      expect(left).not.toMatch(/[s3cr]{2}|token|value/)
    }
  })

  test.for([
    ['Bearer s3cr3t-token-value', 's3cr3t-token-value'],
    ['token s3cr3t-token-value', 's3cr3t-token-value'],
    [`Basic ${Buffer.from('ada:correct-horse').toString('base64')}`, 'correct-horse'],
    [`Basic ${Buffer.from('ada:correct-horse').toString('base64')}`, 'ada:correct-horse'],
    ['session=0123456789abcdef; theme=dark', '0123456789abcdef'],
    ['OAuth oauth_token="s3cr3t-token-value", a="b"', 's3cr3t-token-value'],
  ])('without the text around it: of %s', ([header = '', part = '']) => {
    const { maskText } = secretsOf(header)
    expect(maskText(`you sent ${part}.`)).toBe('you sent [secret].')
    expect(maskText(`you sent ${header}.`)).not.toContain(part)
  })

  test('in names, texts and numbers of a value', () => {
    const { maskWithin } = secretsOf('s3cr3t-token-value', '12345678')
    const value = { 's3cr3t-token-value': [{ a: 'x s3cr3t-token-value', b: 12_345_678, c: null }] }
    expect(maskWithin(value)).toEqual({ '[secret]': [{ a: 'x [secret]', b: '[secret]', c: null }] })
  })

  test('also when the secret is long', () => {
    const key = `-----BEGIN-----\n${'0123456789abcdef\n'.repeat(200)}-----END-----\n`
    const { maskText } = secretsOf(key)
    expect(maskText(`it is ${key}`)).toBe('it is [secret]')
    expect(maskText(JSON.stringify({ key }))).toBe('{"key":"[secret]"}')
  })
})

describe('a short secret', () => {
  test('of four to seven characters is masked where it stands alone', () => {
    const { maskText } = secretsOf('prod')
    expect(maskText('prod, "prod" and production')).toBe('[secret], "[secret]" and production')
  })

  test('of fewer characters is masked as a whole value', () => {
    const { maskWithin } = secretsOf('42')
    expect(maskWithin({ a: '42', b: 42, c: 'of 42' })).toEqual({
      a: '[secret]',
      b: '[secret]',
      c: 'of 42',
    })
  })
})

test('no text makes the search slow', () => {
  const hard = [
    secret,
    `${'\\'.repeat(40)}x`,
    `${'&'.repeat(20)}x`,
    `${'%25'.repeat(20)}x`,
    'x'.repeat(900),
  ]
  const { maskText } = secretsOf('Bearer s3cr3t-token-value', ...hard)
  for (const text of ['\\', '&', '&amp;', '%', '%25', 's3cr3t-token-valu ', 'A']) {
    const whole = text.repeat(1_000_000 / text.length)
    expect(maskText(whole) === whole).toBe(true)
  }
})

test('similar secrets do not make the search slow', () => {
  const { count } = limits.callSecrets
  const alike = Array.from({ length: count }, (_, i) => `${'a'.repeat(400)}${i + 100}`)
  const { maskText } = secretsOf(...alike)
  const text = 'a'.repeat(1_000_000)
  expect(maskText(text) === text).toBe(true)
  expect(maskText(`${text} ${alike.join(' ')}`)).toBe(
    `${text} ${Array<string>(count).fill('[secret]').join(' ')}`,
  )
})

test('secrets that overlap in a text are masked completely', () => {
  const { maskText } = secretsOf('first-secret-begins', 'begins-where-it-ends', 'secret-be')
  expect(maskText('x first-secret-begins-where-it-ends y')).toBe('x [secret] y')
})

test('of many secrets those that a call uses are masked, and others up to a limit', () => {
  const { count } = limits.callSecrets
  const many = Array.from({ length: 5_000 }, (_, i) => `secret-number-${i + 1_000}`)
  const secrets = secretsOf('the-one-that-is-used')
  secrets.openMore(many)
  const text = ['the-one-that-is-used', ...many].join(' ')
  const masked = secrets.maskText(text).split(' ')
  expect(masked.slice(0, count)).toEqual(Array<string>(count).fill('[secret]'))
  expect(masked.slice(count)).toEqual(many.slice(count - 1))
  expect(() => secrets.open('another-one')).toThrow(`a call can use ${count} secrets`)
  expect(secrets.open('the-one-that-is-used')).toBe('the-one-that-is-used')
})
