import type { BoundConversation, TaskStore, TaskView } from '@longhaul/core'
import { describe, expect, test } from 'vitest'
import { onRefusal } from './on-refusal.ts'
import type { StepPorts } from './pipeline.ts'
import type { ConversationCopy, Target } from './target.ts'

const copy: ConversationCopy = { messages: [], origins: [], variables: {}, notes: {} }
const identity = { taskId: 't', requestId: 'r', after: 0, fork: 'f' }
const binding = { id: 'talk', seen: undefined, to: { taskId: 't' } }
const conversation: Target = { kind: 'conversation', binding, pending: [] }
const refused = (target: Target) => ({ taskId: 't', workspace: 'w', target, identity })

/** A store in which the task `t` exists or is gone, and the bindings of conversations. */
function portsWith(view: TaskView | undefined) {
  const bound: BoundConversation[] = []
  const ports: Pick<StepPorts, 'conversations' | 'turnDeadlineMs' | 'retentionMs' | 'now'> & {
    store: Pick<TaskStore, 'view'>
  } = {
    store: { view: () => Promise.resolve(view) },
    conversations: {
      find: () => Promise.resolve(undefined),
      bind(_workspace, _id, to) {
        bound.push(to)
        return Promise.resolve(to)
      },
    },
    turnDeadlineMs: 1,
    retentionMs: 1,
    now: () => 0,
  }
  return { bound, ports: ports as StepPorts }
}

const { ports: gone } = portsWith(undefined)

describe('a turn that the store refuses', () => {
  test.each(['new', 'continue'] as const)('begins no other task where its target is %s', (kind) => {
    const target: Target = { kind: 'new', pending: [] }
    expect(() => onRefusal[kind].conflict(refused(target), gone)).toThrow('has a turn in progress')
    expect(() => onRefusal[kind].not_found(refused(target), gone)).toThrow('Task t not found')
  })

  test('begins the task of its fork, with its copy, when another turn came after the same response', async () => {
    const target: Target = { kind: 'fork', copy, pending: [] }
    const elsewhere = await onRefusal.fork.conflict(refused(target), gone)
    expect(elsewhere).toEqual({ taskId: 'f', copy })
    expect(() => onRefusal.fork.not_found(refused(target), gone)).toThrow('Task t not found')
  })

  test('begins a new task when that of its conversation was deleted, and binds the conversation to it', async () => {
    const { bound, ports } = portsWith(undefined)
    const elsewhere = await onRefusal.conversation.not_found(refused(conversation), ports)
    expect(elsewhere).toEqual({ taskId: 'f', copy: undefined })
    expect(bound).toEqual([{ taskId: 'f' }])
  })

  test('finds its conversation locked while the task of the conversation exists', async () => {
    const { bound, ports } = portsWith({ taskId: 't' } as TaskView)
    const locked = { reason: 'conversation_locked' }
    const missing = async () => await onRefusal.conversation.not_found(refused(conversation), ports)
    await expect(missing()).rejects.toMatchObject(locked)
    expect(() => onRefusal.conversation.conflict(refused(conversation), ports)).toThrow(
      expect.objectContaining(locked) as Error,
    )
    expect(bound).toEqual([])
  })
})
