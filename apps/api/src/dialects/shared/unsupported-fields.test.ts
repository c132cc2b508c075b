import { LonghaulError } from '@longhaul/core'
import { expect, test } from 'vitest'
import { refuseUnsupportedFields, unsupportedFields } from './unsupported-fields.ts'

function fieldsOf(given: object, known: object = {}): string[] {
  try {
    refuseUnsupportedFields(given, known)
    return []
  } catch (error) {
    if (!(error instanceof LonghaulError)) throw error
    return error.fields.map(({ path }) => path)
  }
}

const names = unsupportedFields.flatMap((group) => group.names)

test('each name is in the table once', () => {
  expect(new Set(names).size).toBe(names.length)
})

test.each([
  'webhook_url',
  'webhookUrl',
  'Webhook-URL',
  'priority',
  'delay',
  'startDelay',
  'after_seconds',
  'ttl',
  'expiresIn',
  'schedule',
  'cron',
  'idempotencyKey',
  'maxAttempts',
  'concurrencyKey',
  'multitaskStrategy',
  'maxDuration',
  'workflowExecutionTimeout',
  'removeOnComplete',
])('%s is refused by its name', (name) => {
  expect(fieldsOf({ message: 'hi', [name]: 1 })).toEqual([name])
  expect(() => refuseUnsupportedFields({ [name]: 1 }, {})).toThrow(
    `${name}: is not supported yet. `,
  )
})

test.each(['settings', 'options', 'config', 'configuration', 'limits', 'longhaul'])(
  'such a field is also refused in %s',
  (place) => {
    expect(fieldsOf({ [place]: { delay: '1h', other: 1 } })).toEqual([`${place}.delay`])
    expect(fieldsOf({ [place]: { delay: '1h' } }, { [place]: { delay: '1h' } })).toEqual([])
    expect(fieldsOf({ [place]: 'text' }, { [place]: 'text' })).toEqual([])
  },
)

test('fields of the schema, fields that request nothing, and other fields pass', () => {
  expect(
    fieldsOf({ retry: { count: 2 }, timeout: 5 }, { retry: { count: 2 }, timeout: 5 }),
  ).toEqual([])
  expect(
    fieldsOf({ webhook_url: null, schedule: '', repeat: false, retries: [], throttle: {} }),
  ).toEqual([])
  expect(
    fieldsOf({ agent_key: 'a', service_tier: 'priority', x: 1, __proto__: { ttl: 1 } }),
  ).toEqual([])
  expect(fieldsOf({ metadata: { priority: 1 }, variables: { delay: 1 } })).toEqual([])
})

test('the error has its own code', () => {
  expect(() => refuseUnsupportedFields({ ttl: 1 }, {})).toThrow(
    expect.objectContaining({ code: 'invalid', reason: 'unsupported_parameter' }),
  )
})

test('the error names every such field', () => {
  expect(fieldsOf({ priority: 1, ttl: 60, options: { delay: 0 } })).toEqual([
    'priority',
    'ttl',
    'options.delay',
  ])
})
