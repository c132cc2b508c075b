import { LonghaulError } from '@longhaul/core'

export function stillRunning(id: string): LonghaulError {
  return new LonghaulError('conflict', `Task ${id} has a turn in progress: wait until it has ended`)
}

export function conversationLocked(id: string): LonghaulError {
  const message = `the conversation ${id} has a response in progress: wait until it has ended`
  return new LonghaulError('invalid', `conversation: ${message}`, {
    reason: 'conversation_locked',
    fields: [{ path: 'conversation', message }],
  })
}
