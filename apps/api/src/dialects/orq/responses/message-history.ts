import {
  type ReviewRequested,
  type Fact,
  type InputFile,
  type InputPart,
  rejection,
  type PriorMessage,
  type ToolCall,
  type TurnStarted,
} from '@longhaul/core'
import { z } from 'zod'
import { type ResponseBody, wireCallPart, type WireMessage } from './response-body.ts'

export const IncludeQuery = z.object({
  include: z
    .string()
    .optional()
    .meta({
      description:
        'Additional content of the reply, as a comma-separated list. `messages`: all messages of the task, the oldest first, follow the final message in `output`. Unknown values are ignored.',
      examples: ['messages'],
    }),
})

/** Whether a query has `include=messages`. */
export function wantsHistory(query: URLSearchParams): boolean {
  return query.getAll('include').some((value) => value.split(',').includes('messages'))
}

/** A body with the message history after the final message in `output`. */
export function withHistory(body: ResponseBody, facts: Fact[]): ResponseBody {
  return { ...body, output: [...body.output, ...historyOf(facts)] }
}

/**
 * All messages of a task, oldest first: inputs, answers with their calls, and results. Messages that were copied from
 * another task are left out: that task has them until it is deleted.
 */
function historyOf(facts: Fact[]): WireMessage[] {
  const messages: WireMessage[] = []
  let parts: MessagePart[] = []
  let assistantMessageId = ''
  let steps = 0
  const because = new Map<string, ReviewRequested['because']>()
  const add = (role: WireMessage['role'], messageId: string, content: MessagePart[]) => {
    if (content.length > 0) messages.push({ messageId, role, parts: content })
  }
  const addResult = (callId: string, result: unknown, files?: InputFile[]) =>
    add('tool', `${assistantMessageId}.${steps}`, [resultPart(callId, result, files)])

  for (const fact of facts) {
    switch (fact.type) {
      case 'turn.started':
        assistantMessageId = fact.assistantMessageId
        steps = 0
        parts = []
        messages.push(...inputsOf(fact))
        break
      case 'part.finished':
        if (fact.kind === 'text' && fact.text !== '') parts.push({ kind: 'text', text: fact.text })
        break
      case 'step.finished':
        steps += 1
        add('agent', `${assistantMessageId}.${steps}`, [...parts, ...fact.calls.map(wireCallPart)])
        parts = []
        add('tool', `${assistantMessageId}.${steps}`, fact.calls.flatMap(notMadePart))
        break
      case 'tool.returned':
        addResult(fact.callId, fact.result, fact.files)
        break
      case 'tool.failed':
        addResult(fact.callId, { error: fact.error })
        break
      case 'review.requested':
        because.set(fact.callId, fact.because)
        break
      case 'review.decided':
        if (fact.review === 'approved') break
        addResult(fact.callId, { error: rejection(fact, because.get(fact.callId)) })
        break
      case 'turn.failed':
        add('agent', assistantMessageId, [
          { kind: 'error', error: `${fact.code}: ${fact.message}`, code: fact.status },
        ])
        break
      case 'attempt.started':
      case 'parts.abandoned':
      case 'model.failed':
      case 'tool.called':
      case 'file.fetched':
      case 'file.failed':
      case 'context.trimmed':
      case 'turn.parked':
      case 'child.started':
      case 'calls.spent':
      case 'cancel.requested':
      case 'turn.completed':
        break
      default:
        fact satisfies never
    }
  }
  return messages
}

type MessagePart = WireMessage['parts'][number]

/** The messages of a request: prior messages and its own message. A redrive has none. */
function inputsOf({ before = [], copied = 0, message }: TurnStarted): WireMessage[] {
  if (message === undefined) return []
  const { messageId, role, parts } = message
  const prior = before.slice(copied).flatMap((priorMessage): WireMessage[] => {
    if (priorMessage.role === 'system') return []
    const priorRole = priorMessage.role === 'assistant' ? 'agent' : priorMessage.role
    return [{ messageId, role: priorRole, parts: wirePriorMessage(priorMessage) }]
  })
  const ownMessage: WireMessage = { messageId, role, parts: parts.map(wireInputPart) }
  return [...prior, ownMessage].filter((each) => each.parts.length > 0)
}

function resultPart(callId: string, result: unknown, files?: InputFile[]): MessagePart {
  return { kind: 'tool_result', tool_call_id: callId, result, ...(files && { files }) }
}

function notMadePart({ callId, notMade }: ToolCall): MessagePart[] {
  return notMade === undefined ? [] : [resultPart(callId, { error: notMade })]
}

export function wirePriorMessage(
  priorMessage: Exclude<PriorMessage, { role: 'system' }>,
): Record<string, unknown>[] {
  switch (priorMessage.role) {
    case 'user':
      return priorMessage.parts.map(wireInputPart)
    case 'assistant': {
      const texts = priorMessage.parts.filter(({ kind, text }) => kind === 'text' && text !== '')
      return [
        ...texts.map(({ text }) => ({ kind: 'text', text })),
        ...priorMessage.calls.map(wireCallPart),
      ]
    }
    case 'tool':
      return priorMessage.results.map(({ callId, result, failed, files }) =>
        resultPart(callId, failed ? { error: result } : result, files),
      )
  }
}

export function wireInputPart(part: InputPart): Record<string, unknown> {
  if (part.kind !== 'tool_result') return part
  return resultPart(part.callId, part.result, part.files)
}
