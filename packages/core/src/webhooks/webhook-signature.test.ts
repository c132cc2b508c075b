import { createHmac } from 'node:crypto'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  isStandardSecret,
  newWebhookSecret,
  secretHint,
  webhookHeaders,
} from './webhook-signature.ts'

const hex = fc
  .uint8Array({ minLength: 24, maxLength: 64 })
  .map((bytes) => Buffer.from(bytes).toString('hex'))

test('a signature is that of the standard, for any secret and body', () => {
  fc.assert(
    fc.property(hex, fc.string(), fc.nat(), (secretHex, body, timestamp) => {
      const secret = newWebhookSecret(secretHex)
      expect(isStandardSecret(secret)).toBe(true)
      const headers = webhookHeaders({ id: 'evt_1', timestamp, body }, [secret])
      const key = Buffer.from(secretHex, 'hex')
      const signed = createHmac('sha256', key).update(`evt_1.${timestamp}.${body}`).digest('base64')
      const orq = createHmac('sha256', secret).update(body).digest('hex')
      expect(headers).toEqual({
        'webhook-id': 'evt_1',
        'webhook-timestamp': String(timestamp),
        'webhook-signature': `v1,${signed}`,
        'x-orq-signature': orq,
      })
    }),
  )
})

test('a rotation signs with both secrets, and the header of orq with the newer one', () => {
  const [newer, older] = ['11', '22'].map((byte) => newWebhookSecret(byte.repeat(32)))
  const signed = { id: 'evt_1', timestamp: 1, body: '{}' }
  const both = webhookHeaders(signed, [newer ?? '', older ?? ''])
  const alone = [newer, older].map((secret) => webhookHeaders(signed, [secret ?? '']))
  expect(both['webhook-signature']).toBe(alone.map((one) => one['webhook-signature']).join(' '))
  expect(both['x-orq-signature']).toBe(alone[0]?.['x-orq-signature'])
})

test('a secret of another form makes the header of orq alone', () => {
  for (const secret of ['mine', 'whsec_', 'whsec_c2hvcnQ=', `whsec_${'!'.repeat(40)}`]) {
    const headers = webhookHeaders({ id: 'evt_1', timestamp: 1, body: '{}' }, [secret])
    expect(Object.keys(headers)).toEqual(['webhook-id', 'webhook-timestamp', 'x-orq-signature'])
  }
})

test('a hint shows at most the end of a long secret', () => {
  expect(secretHint(newWebhookSecret('11'.repeat(32)))).toMatch(/^whsec_….{4}$/)
  expect(secretHint('short')).toBe('…')
})
