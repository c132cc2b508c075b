import { cutBytes } from '../lib/cut-text.ts'
import { responseId } from '../lib/ids.ts'
import { limits } from '../limits/limits.ts'
import type { Usage } from '../history/message.ts'
import type { Fact, FactOf, RequestMetadata } from '../log/fact.ts'
import type { EventType } from './event-types.ts'

/** A change of a turn that endpoints may want to know. `fact` is its number in the log, from 0. */
export type NotedEvent = {
  taskId: string
  turn: number
  pos: number
  fact: number
  /** The only endpoint that is notified, by its id. */
  only?: string
}

/** What an event tells besides its fact. */
export type EventContext = {
  agent: string
  metadata: RequestMetadata
  usage?: Usage | undefined
  output?: string | undefined
}

/** What a fact means to the receivers of events; undefined for a fact of which none is notified. */
export function eventOf(
  fact: Fact,
): { type: EventType; status: string; finishReason?: string } | undefined {
  if (fact.type === 'attempt.started') return { type: 'response.started', status: 'in_progress' }
  if (fact.type === 'review.requested') {
    return { type: 'response.action_required', status: 'in_progress' }
  }
  if (fact.type === 'turn.completed') return completed(fact)
  if (fact.type !== 'turn.failed') return undefined
  const status = fact.code === 'cancelled' ? 'cancelled' : 'failed'
  return { type: `response.${status}`, status, finishReason: fact.code }
}

function completed({ reason, pending }: FactOf<'turn.completed'>) {
  if (pending.length > 0) {
    return {
      type: 'response.action_required',
      status: 'completed',
      finishReason: reason,
    } as const
  }
  const status = reason === 'stop' || reason === 'function_call' ? 'completed' : 'incomplete'
  return { type: `response.${status}`, status, finishReason: reason } as const
}

/** The body of an event about a turn, as JSON. `id` is that of the event for one endpoint. */
export function responseEventBody(
  id: string,
  { taskId, turn, pos }: NotedEvent,
  fact: Fact,
  { agent, metadata, usage, output }: EventContext,
): string {
  const event = eventOf(fact)
  const { identity, thread } = metadata as { identity?: { id: string }; thread?: { id: string } }
  return eventBody(id, event?.type ?? '', fact.at, {
    id: responseId(taskId, turn),
    task_id: taskId,
    agent,
    status: event?.status,
    finish_reason: event?.finishReason ?? null,
    usage: usage === undefined ? null : usageBody(usage),
    metadata: metadata['metadata'] ?? {},
    identity_id: identity?.id ?? null,
    thread_id: thread?.id ?? null,
    pos,
    ...(output !== undefined && { output_text: cutBytes(output, limits.webhooks.output) }),
  })
}

/** The body of any event, as JSON. */
export function eventBody(id: string, type: string, at: number, data: object): string {
  return JSON.stringify({
    id,
    object: 'event',
    type,
    created_at: Math.floor(at / 1_000),
    timestamp: new Date(at).toISOString(),
    data,
  })
}

function usageBody({ inputTokens, outputTokens, totalTokens }: Usage) {
  return { input_tokens: inputTokens, output_tokens: outputTokens, total_tokens: totalTokens }
}
