import type { Engine, InputMessage, InputPart, RequestNotes, TurnRef } from '@longhaul/core'

/** One POST to an agent: the first turn of a new task, or the next one of `taskId`. */
export type TurnRequest = {
  workspace: string
  /** The agent's key or id, with or without `@version`. */
  agent: string
  taskId?: string
  message: { messageId?: string; role: InputMessage['role']; parts: InputPart[] }
  variables?: Record<string, unknown>
  engine?: Engine
  notes?: RequestNotes
  labels?: string[]
  /** Under one key, requests of one fingerprint are one request. */
  idempotency?: { key: string; fingerprint: string }
}

/** A turn that was accepted: from here on it is not lost. */
export type AcceptedTurn = TurnRef & {
  startedAt: number
  model: string
  messageId: string
  userMessageId: string
  traceId: string
  spanId: string
  /** Where the turn begins in the task's numbers and in its log. */
  pos: number
  fact: number
  /** It had been accepted before: this was a repeat of that request. */
  replayed: boolean
}
