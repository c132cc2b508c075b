import { invalid, LonghaulError } from '@longhaul/core'
import { expect, test } from 'vitest'
import { errorPaths } from './error-paths.ts'

const renamed = errorPaths({
  fields: {
    tools: 'settings.tools',
    'tools[].definition.url': 'settings.tools[].http.url',
    'defaults.*': 'arguments.*.default_value',
    same: 'other',
  },
  texts: { 'needs a task': 'needs a task_id' },
})

test.each([
  ['tools', 'settings.tools'],
  ['tools[3].key', 'settings.tools[3].key'],
  ['tools[12].definition.url', 'settings.tools[12].http.url'],
  ['tools[1].definition.urls', 'settings.tools[1].definition.urls'],
  ['defaults.a.b', 'arguments.a.b.default_value'],
  ['defaults.$1', 'arguments.$1.default_value'],
  ['toolsmith', 'toolsmith'],
  ['a.tools', 'a.tools'],
])('the field %s is named %s, also in the message', (ours, theirs) => {
  expect(renamed(invalid(ours, 'is wrong'))).toMatchObject({
    code: 'invalid',
    message: `${theirs}: is wrong`,
    fields: [{ path: theirs, message: 'is wrong' }],
  })
})

test('of a message that does not start with its field only the end changes', () => {
  const error = new LonghaulError('mismatch', 'same: it needs a task', {
    fields: [{ path: 'tools', message: 'it needs a task' }],
  })
  expect(renamed(error)).toMatchObject({
    message: 'same: it needs a task_id',
    fields: [{ path: 'settings.tools', message: 'it needs a task_id' }],
  })
})

test('other properties of an error stay, and other errors are unchanged', () => {
  const cause = new Error('away')
  const error = new LonghaulError('unavailable', 'Later.', {
    cause,
    status: 599,
    reason: 'because',
    details: { taskId: 't', responseId: 'r', violated_policies: ['p'] },
    retryAfterSeconds: 7,
    maybeDone: true,
  })
  expect(renamed(error)).toEqual(
    new LonghaulError('unavailable', 'Later.', {
      cause,
      status: 599,
      reason: 'because',
      details: { task_id: 't', response_id: 'r', violated_policies: ['p'] },
      retryAfterSeconds: 7,
      maybeDone: true,
    }),
  )
  expect(renamed(error)).toMatchObject({ cause, details: { task_id: 't' } })
  expect(renamed(cause)).toBe(cause)
})
