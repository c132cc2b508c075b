import type { NewWork, TaskView } from '@longhaul/core'
import { expect, test } from 'vitest'
import type { ConversationCopy, Target } from '../target.ts'
import type { RequestFields } from '../turn-request.ts'
import { refuseWork } from './refuse-work.ts'

const task = { taskId: 't' } as TaskView
const copy: ConversationCopy = { messages: [], origins: [], variables: {}, notes: {} }

/** The kind of the work that may be refused; undefined where nothing may. */
function kindOf(target: Target, request: Partial<RequestFields> = {}): string | undefined {
  let kind: string | undefined
  const ports = {
    refuseWork(work: NewWork) {
      kind = work.kind
    },
  }
  refuseWork({ workspace: 'w', agent: 'a', ...request } as RequestFields, { target }, ports)
  return kind
}

test('background tasks, awaited tasks and continuations are different kinds of work', () => {
  expect(kindOf({ kind: 'new', pending: [] })).toBe('background')
  expect(kindOf({ kind: 'new', pending: [] }, { isAwaited: true })).toBe('awaited')
  expect(kindOf({ kind: 'continue', task, pending: [] })).toBe('continuation')
  expect(kindOf({ kind: 'fork', copy, pending: [] })).toBe('continuation')
})

test('an answer to waiting calls passes in its task, and not in a copy of it', () => {
  expect(kindOf({ kind: 'continue', task, pending: ['c'] })).toBeUndefined()
  expect(kindOf({ kind: 'fork', task, pending: ['c'] })).toBeUndefined()
  expect(kindOf({ kind: 'fork', copy, pending: ['c'] })).toBe('continuation')
})
