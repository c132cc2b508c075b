import { invalid } from '@longhaul/core'
import type { TurnRequest } from '../turn-request.ts'

type Messages = Pick<TurnRequest, 'before' | 'message' | 'complete'>

/**
 * Refuses a result that answers no call, a second result of a call, and any other message while results of calls are
 * missing. `pending` are the calls that already wait.
 */
export function checkAnswers(
  { before = [], message, complete }: Messages,
  pending: string[],
): void {
  const open = new Set(pending)
  const answered = new Set<string>()
  const answer = (callId: string, path: string) => {
    if (answered.has(callId)) throw invalid(path, `${callId} is answered twice`)
    if (!open.delete(callId)) throw invalid(path, `${callId} is not a pending call`)
    answered.add(callId)
  }
  const nothingWaits = (path: string) => {
    if (open.size === 0) return
    const which = [...open].join(', ')
    throw invalid(path, `the task waits for the results of ${which}: answer with them first`)
  }

  for (const { paths = [], ...prior } of before) {
    if (prior.role === 'tool') {
      for (const [at, { callId }] of prior.results.entries()) answer(callId, paths[at] ?? '')
      continue
    }
    if (prior.role === 'system') continue
    nothingWaits(paths[0] ?? '')
    if (prior.role === 'user') continue
    for (const { callId } of prior.calls) {
      if (open.has(callId)) throw invalid(paths[0] ?? '', `${callId} is the id of another call`)
      open.add(callId)
      // An id may be used again after its call is answered.
      answered.delete(callId)
    }
  }
  const { paths } = message
  if (message.role === 'user') {
    nothingWaits(paths?.[0] ?? 'message.role')
    return
  }
  for (const [at, part] of message.parts.entries()) {
    if (part.kind !== 'tool_result') continue
    answer(part.callId, paths?.[at] ?? `message.parts[${at}].callId`)
  }
  if (complete) nothingWaits(paths?.[0] ?? 'message.parts')
}
