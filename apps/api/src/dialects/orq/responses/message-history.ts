import {
  type ReviewRequested,
  type Fact,
  type InputPart,
  rejection,
  type Said,
  type ToolCall,
} from '@longhaul/core'
import { z } from 'zod'
import { type ResponseBody, wireCallPart, type WireMessage } from './response-body.ts'

export const IncludeQuery = z.object({
  include: z
    .string()
    .optional()
    .meta({
      description:
        'What the reply shall have beside the usual, separated by commas. `messages`: the whole exchange, behind the final message of `output`. Other words are ignored.',
      examples: ['messages'],
    }),
})

/** Whether the caller asked, with `?include=messages`, for the whole exchange. */
export function wantsHistory(query: URLSearchParams): boolean {
  return query.getAll('include').some((value) => value.split(',').includes('messages'))
}

/** A body whose `output` goes on, after the final message, with the whole exchange. */
export function withHistory(body: ResponseBody, facts: Fact[]): ResponseBody {
  return { ...body, output: [...body.output, ...historyOf(facts)] }
}

/**
 * The whole exchange of a task, oldest first: what was said, the calls made and their results. What was copied from
 * another task is read there, for as long as it is not deleted.
 */
function historyOf(facts: Fact[]): WireMessage[] {
  const messages: WireMessage[] = []
  let parts: Record<string, unknown>[] = []
  let assistantMessageId = ''
  let steps = 0
  const because = new Map<string, ReviewRequested['because']>()
  const add = (
    role: WireMessage['role'],
    messageId: string,
    content: Record<string, unknown>[],
  ) => {
    if (content.length > 0) messages.push({ messageId, role, parts: content })
  }

  /** What was said before, elsewhere. */
  const tellSaid = (said: Said, messageId: string) => {
    if (said.role === 'system') return
    add(said.role === 'assistant' ? 'agent' : said.role, messageId, wireSaid(said))
  }

  for (const fact of facts) {
    switch (fact.type) {
      case 'turn.started':
        assistantMessageId = fact.assistantMessageId
        steps = 0
        parts = []
        // A failed turn that goes on says nothing new.
        if (fact.message === undefined) break
        for (const said of fact.before?.slice(fact.copied ?? 0) ?? [])
          tellSaid(said, fact.message.messageId)
        add(fact.message.role, fact.message.messageId, fact.message.parts.map(wireInputPart))
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
        add('tool', `${assistantMessageId}.${steps}`, [
          { kind: 'tool_result', tool_call_id: fact.callId, result: fact.result },
        ])
        break
      case 'tool.failed':
        add('tool', `${assistantMessageId}.${steps}`, [
          { kind: 'tool_result', tool_call_id: fact.callId, result: { error: fact.error } },
        ])
        break
      case 'review.requested':
        because.set(fact.callId, fact.because)
        break
      case 'review.decided':
        if (fact.review === 'approved') break
        add('tool', `${assistantMessageId}.${steps}`, [
          {
            kind: 'tool_result',
            tool_call_id: fact.callId,
            result: { error: rejection(fact, because.get(fact.callId)) },
          },
        ])
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

function notMadePart({ callId, notMade }: ToolCall): Record<string, unknown>[] {
  if (notMade === undefined) return []
  return [{ kind: 'tool_result', tool_call_id: callId, result: { error: notMade } }]
}

export function wireSaid(said: Exclude<Said, { role: 'system' }>): Record<string, unknown>[] {
  switch (said.role) {
    case 'user':
      return said.parts.map(wireInputPart)
    case 'assistant': {
      const texts = said.parts.filter(({ kind, text }) => kind === 'text' && text !== '')
      return [...texts.map(({ text }) => ({ kind: 'text', text })), ...said.calls.map(wireCallPart)]
    }
    case 'tool':
      return said.results.map(({ callId, result, failed }) => ({
        kind: 'tool_result',
        tool_call_id: callId,
        result: failed ? { error: result } : result,
      }))
  }
}

export function wireInputPart(part: InputPart): Record<string, unknown> {
  if (part.kind !== 'tool_result') return part
  return { kind: part.kind, tool_call_id: part.callId, result: part.result }
}
