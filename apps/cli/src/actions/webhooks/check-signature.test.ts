import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { signatureProblem } from './check-signature.ts'

const now = Date.parse('2030-01-31T09:00:00Z')
const body = Buffer.from('{"type":"response.completed"}')
const key = Buffer.alloc(32, 5)
const secret = `whsec_${key.toString('base64')}`

function signed(time = now / 1_000, by = key) {
  const hmac = createHmac('sha256', by).update(`evt_1.${time}.${body.toString()}`)
  return {
    'webhook-id': 'evt_1',
    'webhook-timestamp': String(time),
    'webhook-signature': `v1,${hmac.digest('base64')}`,
  }
}

test('a signature is of the secret, the id, the time and the body', () => {
  const headers = signed()
  expect(signatureProblem({ headers, body }, secret, now)).toBeUndefined()
  const other = signed(now / 1_000, Buffer.alloc(32, 6))
  const both = `${other['webhook-signature']} ${headers['webhook-signature']}`
  const rotated = { ...headers, 'webhook-signature': both }
  expect(signatureProblem({ headers: rotated, body }, secret, now)).toBeUndefined()
  const foreign = 'its signature is of another secret or another body'
  expect(signatureProblem({ headers: other, body }, secret, now)).toBe(foreign)
  expect(signatureProblem({ headers, body: Buffer.from('{}') }, secret, now)).toBe(foreign)
  const renamed = { ...headers, 'webhook-id': 'evt_2' }
  expect(signatureProblem({ headers: renamed, body }, secret, now)).toBe(foreign)
  const old = signed(now / 1_000 - 301)
  expect(signatureProblem({ headers: old, body }, secret, now)).toBe('its time is wrong')
  const timeless = { 'webhook-signature': headers['webhook-signature'] }
  expect(signatureProblem({ headers: timeless, body }, secret, now)).toBe('its time is wrong')
  expect(signatureProblem({ headers: {}, body }, secret, now)).toBe('it has no signature')
})

test('a secret of the caller signs the body alone', () => {
  const hmac = createHmac('sha256', 'a-secret').update(body).digest('hex')
  const headers = { 'x-orq-signature': hmac }
  expect(signatureProblem({ headers, body }, 'a-secret', now)).toBeUndefined()
  expect(signatureProblem({ headers, body }, 'another', now)).toContain('another secret')
  expect(signatureProblem({ headers: signed(), body }, 'a-secret', now)).toBe('it has no signature')
})
