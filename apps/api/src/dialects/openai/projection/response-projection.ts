import {
  addUsage,
  type Delta,
  type Fact,
  type PartFinished,
  rejection,
  type ReviewRequested,
  type StepFinished,
  type ToolCalled,
  type TurnCompleted,
  type TurnStarted,
} from '@longhaul/core'
import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  argumentsOf,
  asCalled,
  contentPart,
  functionCallItem,
  type Item,
  type Outcome,
  partItem,
  serverCallItem,
} from './output-item.ts'
import { type Progress, responseBody, type ResponseBody, whyIncomplete } from './response-body.ts'

/** A server-sent event, as it goes over the wire. */
export type WireEvent = { type: string; sequence_number: number } & Record<string, unknown>

type Part = Pick<PartFinished, 'partId' | 'kind'>
type Call = Pick<ToolCalled, 'callId' | 'name' | 'arguments'>

/**
 * Tells a turn as this dialect does: the events that each entry makes, and the response as it is then. It must
 * hear the turn from its first fact on; the numbers that it gives come from nothing else. Deltas that are gone
 * leave their numbers free.
 */
export function createNarrator(taskId: string) {
  let number = 0
  let events: WireEvent[] = []
  let started: (TurnStarted & { at: number }) | undefined
  let begun = false
  const progress: Progress = {
    status: 'in_progress',
    output: [],
    usage: undefined,
    completedAt: undefined,
    error: undefined,
    incomplete: undefined,
  }
  /** By their parts' ids: where they stand, and how many of their deltas were heard. */
  const open = new Map<string, { index: number; heard: number; part: Part }>()
  /** Parts that are whole, of a step that is not closed yet. */
  let finished: PartFinished[] = []
  /** By their calls' ids: those that are being made. */
  const calls = new Map<string, { index: number; call: Call }>()
  const asked = new Map<string, ReviewRequested>()

  function emit(type: string, fields: Record<string, unknown>): void {
    events.push({ type, sequence_number: number, ...fields })
    number += 1
  }

  function response(): ResponseBody {
    if (started === undefined) throw new Error('a turn is told from its first fact on')
    return responseBody(taskId, started, { ...progress, output: [...progress.output] })
  }

  function addItem(item: Item): number {
    const index = progress.output.push(item) - 1
    emit('response.output_item.added', { output_index: index, item })
    return index
  }

  function closeItem(index: number, item: Item): void {
    progress.output[index] = item
    emit('response.output_item.done', { output_index: index, item })
  }

  function openPart({ partId, kind }: Part): { index: number; heard: number } {
    const known = open.get(partId)
    if (known !== undefined) return known
    const item = partItem({ partId, kind }, 'in_progress')
    const place = { index: addItem(item), heard: 0, part: { partId, kind } }
    open.set(partId, place)
    emit('response.content_part.added', {
      ...placeOf(item, place.index),
      content_index: 0,
      part: contentPart(kind, ''),
    })
    return place
  }

  function hearDelta({ partId, kind, text }: Delta): void {
    const place = openPart({ partId, kind })
    place.heard += 1
    const type = kind === 'text' ? 'response.output_text.delta' : 'response.reasoning_text.delta'
    emit(type, {
      ...placeOf(partItem({ partId, kind }, 'in_progress'), place.index),
      content_index: 0,
      delta: text,
      ...(kind === 'text' && { logprobs: [] }),
    })
  }

  /** The numbers of deltas that are gone stay free. */
  function skipDeltas(part: Part & { deltas: number }): void {
    const { heard } = openPart(part)
    number += part.deltas - heard
  }

  function closePart(part: PartFinished, status: 'completed' | 'incomplete'): void {
    const { kind, text } = part
    const { index } = openPart(part)
    open.delete(part.partId)
    const item = partItem(part, status, text)
    const place = { ...placeOf(item, index), content_index: 0 }
    if (kind === 'text') emit('response.output_text.done', { ...place, text, logprobs: [] })
    else emit('response.reasoning_text.done', { ...place, text })
    emit('response.content_part.done', { ...place, part: contentPart(kind, text) })
    closeItem(index, item)
  }

  /** What was said of it counts for nothing: it keeps its place, without any text. */
  function giveUpPart(part: Part): void {
    const { index } = openPart(part)
    open.delete(part.partId)
    closeItem(index, partItem(part, 'incomplete'))
  }

  function closeStep({ reason, problem, calls: wanted, usage }: StepFinished): void {
    progress.usage = addUsage(progress.usage, usage)
    for (const [at, part] of finished.entries()) {
      const cut = reason !== 'stop' && reason !== 'tool_calls' && at === finished.length - 1
      if (problem !== undefined && part.kind === 'text') giveUpPart(part)
      else closePart(part, cut ? 'incomplete' : 'completed')
    }
    finished = []
    for (const call of wanted) {
      if (call.notMade !== undefined) tellCall(asCalled(call), { error: call.notMade })
    }
  }

  function beginCall(call: Call): void {
    // After a crash it may be begun again.
    if (calls.has(call.callId)) return
    const item = serverCallItem(call, 'in_progress')
    const index = addItem(item)
    calls.set(call.callId, { index, call })
    const place = placeOf(item, index)
    const given = JSON.stringify(call.arguments)
    emit('response.mcp_call.in_progress', place)
    emit('response.mcp_call_arguments.delta', { ...place, delta: given })
    emit('response.mcp_call_arguments.done', { ...place, arguments: given })
  }

  function endCall(callId: string, outcome: Outcome): void {
    const begunCall = calls.get(callId)
    if (begunCall === undefined) return
    calls.delete(callId)
    const failed = 'error' in outcome
    const item = serverCallItem(begunCall.call, failed ? 'failed' : 'completed', outcome)
    const place = placeOf(item, begunCall.index)
    emit(failed ? 'response.mcp_call.failed' : 'response.mcp_call.completed', place)
    closeItem(begunCall.index, item)
  }

  /** A call of which nothing but its end is told. */
  function tellCall(call: Call, outcome: Outcome): void {
    beginCall(call)
    endCall(call.callId, outcome)
  }

  function tellPending({ pending }: TurnCompleted): void {
    for (const call of pending) {
      const item = functionCallItem(call, 'in_progress')
      const index = addItem(item)
      const place = placeOf(item, index)
      const given = argumentsOf(call)
      emit('response.function_call_arguments.delta', { ...place, delta: given })
      emit('response.function_call_arguments.done', { ...place, name: call.name, arguments: given })
      closeItem(index, functionCallItem(call, 'completed'))
    }
  }

  /** What was begun and never ended. */
  function closeAll(): void {
    for (const { part } of open.values()) giveUpPart(part)
    for (const { index, call } of calls.values())
      closeItem(index, serverCallItem(call, 'incomplete'))
    calls.clear()
  }

  function apply(entry: Fact | Delta): void {
    switch (entry.type) {
      case 'turn.started':
        started = entry
        if (response().background) progress.status = 'queued'
        emit('response.created', { response: response() })
        if (progress.status === 'queued') emit('response.queued', { response: response() })
        return
      case 'attempt.started':
        if (begun) return
        begun = true
        progress.status = 'in_progress'
        emit('response.in_progress', { response: response() })
        return
      case 'delta':
        hearDelta(entry)
        return
      case 'part.finished':
        // What a vendor hides has no text: it is for the vendor alone.
        if (entry.text === '') return
        skipDeltas(entry)
        finished.push(entry)
        return
      case 'step.finished':
        closeStep(entry)
        return
      case 'parts.abandoned':
        for (const { partId, kind, deltas } of entry.parts) {
          skipDeltas({ partId, kind: kind === 'reasoning' ? kind : 'text', deltas })
        }
        for (const { part } of open.values()) giveUpPart(part)
        return
      case 'tool.called':
        beginCall(entry)
        return
      case 'tool.returned':
        progress.usage = addUsage(progress.usage, entry.usage)
        endCall(entry.callId, { result: entry.result })
        return
      case 'tool.failed':
        progress.usage = addUsage(progress.usage, entry.usage)
        endCall(entry.callId, { error: entry.error })
        return
      case 'review.requested':
        asked.set(entry.callId, entry)
        return
      case 'review.decided': {
        const review = asked.get(entry.callId)
        if (entry.review === 'approved' || review === undefined) return
        tellCall(review, { error: rejection(entry, review.because) })
        return
      }
      case 'turn.completed': {
        closeAll()
        tellPending(entry)
        const why = whyIncomplete(entry.reason)
        progress.incomplete = why
        progress.status = why === undefined ? 'completed' : 'incomplete'
        if (why === undefined) progress.completedAt = entry.at
        emit(`response.${progress.status}`, { response: response() })
        return
      }
      case 'turn.failed': {
        const { code, message } = entry
        closeAll()
        progress.status = code === 'cancelled' ? 'cancelled' : 'failed'
        if (code !== 'cancelled') progress.error = { code, message }
        // No event tells of a cancel, and clients know no other: the status does.
        emit('response.failed', { response: response() })
        return
      }
      case 'model.failed':
      case 'child.started':
      case 'calls.spent':
      case 'file.fetched':
      case 'file.failed':
      case 'context.trimmed':
      case 'turn.parked':
      case 'cancel.requested':
        return
    }
  }

  return {
    /** The events that an entry makes, in their order. */
    tell(entry: Fact | Delta): WireEvent[] {
      events = []
      apply(entry)
      return events
    },

    response,
  }
}

/** The response of a turn that has recorded these facts; of many, others have their turns meanwhile. */
export async function responseOf(taskId: string, facts: Fact[]): Promise<ResponseBody> {
  const narrator = createNarrator(taskId)
  for (const [at, fact] of facts.entries()) {
    if (at > 0 && at % atOnce === 0) await nextTurn()
    narrator.tell(fact)
  }
  return narrator.response()
}

/** How many facts are told at once: each writes its values as JSON. */
const atOnce = 200

function placeOf({ id }: Item, index: number): { item_id: string; output_index: number } {
  return { item_id: id, output_index: index }
}
