import type { Orq } from '@orq-ai/node'
import type { AgentResponseRequest } from '@orq-ai/node/models/components/agentresponserequest.js'
import type { CreateAgentResponse } from '@orq-ai/node/models/components/createagentresponse.js'
import type { ResponseStreamingEvent } from '@orq-ai/node/models/components/responsestreamingevent.js'
import type { ScriptedReply } from '@longhaul/testbed'

type Message = AgentResponseRequest['message']

/** Submits a turn. The reply comes when it has ended or, with `background`, at once. */
export async function ask(
  orq: Orq,
  agent: string,
  request: AgentResponseRequest,
): Promise<CreateAgentResponse> {
  const reply = await orq.agents.responses.create(request, agent)
  if (!('output' in reply)) throw new Error('answered by a stream')
  return reply
}

/** Streams a turn, and returns every event as the SDK parsed it. */
export async function listen(
  orq: Orq,
  agent: string,
  request: AgentResponseRequest,
): Promise<ResponseStreamingEvent[]> {
  const reply = await orq.agents.responses.create({ ...request, stream: true }, agent)
  if ('output' in reply) throw new Error('answered as JSON')
  const events: ResponseStreamingEvent[] = []
  for await (const { data } of reply) {
    if (data === undefined) throw new Error('an event without data')
    events.push(data)
  }
  return events
}

type EventOf<T> = Extract<ResponseStreamingEvent, { type: T }>

/** The events of one type. */
export function only<T extends ResponseStreamingEvent['type']>(
  events: ResponseStreamingEvent[],
  type: T,
): EventOf<T>[] {
  return events.filter((event): event is EventOf<T> => event.type === type)
}

export function user(text: string): { message: Message } {
  return { message: { role: 'user', parts: [{ kind: 'text', text }] } }
}

/** A message with the script of the model's replies, call by call. A list has the replies to the tries of one call. */
export function script(...replies: (ScriptedReply | ScriptedReply[])[]): { message: Message } {
  return user(JSON.stringify({ script: replies }))
}

/** The results of calls, by call id. */
export function results(byId: Record<string, unknown>): { message: Message } {
  const parts = Object.entries(byId).map(([toolCallId, result]) => ({
    kind: 'tool_result' as const,
    toolCallId,
    result,
  }))
  return { message: { role: 'tool', parts } }
}

/** The text of the answer: the first part of the first message. */
export function textOf({ output }: { output: { parts: object[] }[] }): string | undefined {
  const [part] = output[0]?.parts ?? []
  return part !== undefined && 'text' in part ? String(part.text) : undefined
}
