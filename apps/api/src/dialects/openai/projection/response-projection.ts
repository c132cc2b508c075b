import {
  addUsage,
  type Delta,
  type Fact,
  type PartFinished,
  rejection,
  type ReviewDecided,
  type ReviewRequested,
  type StepFinished,
  type TurnCompleted,
  type TurnFailed,
  type TurnStarted,
  type Usage,
} from '@longhaul/core'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { errorInStream, errorOfFailure } from '../failed-turn.ts'
import { recordedParametersOf } from '../request-parameters.ts'
import { createEventWriter, type WireEvent } from './event-writer.ts'
import { asCalled } from './output-item.ts'
import { createOutputCalls } from './output-calls.ts'
import { createOutputParts } from './output-parts.ts'
import { type Progress, responseBody, type ResponseBody, whyIncomplete } from './response-body.ts'

/**
 * Projects the entries of a turn, from its first fact on, to the events of its stream and to the current response. The
 * numbers of the events depend only on the entries. The numbers of deleted deltas are skipped.
 */
export function createResponseProjection(taskId: string) {
  const writer = createEventWriter(taskId)
  const parts = createOutputParts(writer)
  const calls = createOutputCalls(writer)
  const { emit } = writer
  let started: (TurnStarted & { at: number }) | undefined
  let isRunning = false
  const progress: Omit<Progress, 'output'> = {
    status: 'in_progress',
    usage: undefined,
    completedAt: undefined,
    error: undefined,
    incomplete: undefined,
  }
  /** The finished parts of a step that has not ended. */
  let finished: PartFinished[] = []
  const reviews = new Map<string, ReviewRequested>()
  /** Whether the provider refused the latest model call: a repeat would fail, too. */
  let refused = false

  function response(): ResponseBody {
    if (started === undefined) throw new Error('the first entry is not turn.started')
    return responseBody(taskId, started, { ...progress, output: [...writer.output] })
  }

  function start(entry: TurnStarted & { at: number }): void {
    started = entry
    writer.begin(entry.turn)
    const parameters = recordedParametersOf(entry)
    if (parameters?.reasoning?.summary !== undefined) parts.summarize()
    // Earlier versions did not record `stream`, so the numbers of their events do not change.
    if (parameters?.stream === true || response().background) progress.status = 'queued'
    emit('response.created', { response: response() })
    if (progress.status === 'queued') emit('response.queued', { response: response() })
  }

  function run(): void {
    if (isRunning) return
    isRunning = true
    progress.status = 'in_progress'
    emit('response.in_progress', { response: response() })
  }

  function finishPart(part: PartFinished): void {
    // Hidden reasoning has no text: only the vendor can read it.
    if (part.text === '') return
    parts.skipDeltas(part)
    finished.push(part)
  }

  function finishStep({ reason, problem, calls: stepCalls, usage }: StepFinished): void {
    addToUsage(usage)
    for (const [at, part] of finished.entries()) {
      const cut = reason !== 'stop' && reason !== 'tool_calls' && at === finished.length - 1
      if (problem !== undefined && part.kind === 'text') parts.abandon(part)
      else parts.close(part, cut ? 'incomplete' : 'completed')
    }
    finished = []
    for (const call of stepCalls) {
      if (call.notMade !== undefined) calls.add(asCalled(call), { error: call.notMade })
    }
  }

  function addToUsage(usage: Usage | undefined): void {
    progress.usage = addUsage(progress.usage, usage)
  }

  function decide(decision: ReviewDecided): void {
    const review = reviews.get(decision.callId)
    if (decision.review === 'approved' || review === undefined) return
    calls.add(review, { error: rejection(decision, review.because) })
  }

  function complete({ reason, pending, at }: TurnCompleted & { at: number }): void {
    abandonOpen()
    calls.addPending(pending, started && recordedParametersOf(started)?.client_tools)
    const why = whyIncomplete(reason)
    progress.incomplete = why
    progress.status = why === undefined ? 'completed' : 'incomplete'
    if (why === undefined) progress.completedAt = at
    emit(`response.${progress.status}`, { response: response() })
  }

  function fail(failure: TurnFailed): void {
    abandonOpen()
    progress.status = failure.code === 'cancelled' ? 'cancelled' : 'failed'
    progress.error = errorOfFailure(failure, { refused })
    const error = errorInStream(progress.error)
    const { code, message, param } = error
    // Some clients take a stream without this event for an empty answer.
    emit('error', { code, message, param })
    // Clients know no event for a cancel. The status of the response has it.
    emit('response.failed', { response: { ...response(), error } })
  }

  function abandonOpen(): void {
    parts.abandonOpen()
    calls.abandonRunning()
  }

  function apply(entry: Fact | Delta): void {
    switch (entry.type) {
      case 'turn.started':
        return start(entry)
      case 'attempt.started':
        return run()
      case 'delta':
        return parts.addDelta(entry)
      case 'part.finished':
        return finishPart(entry)
      case 'step.finished':
        return finishStep(entry)
      case 'parts.abandoned':
        for (const { partId, kind, deltas } of entry.parts) {
          parts.skipDeltas({ partId, kind: kind === 'reasoning' ? kind : 'text', deltas })
        }
        return parts.abandonOpen()
      case 'tool.called':
        return calls.begin(entry)
      case 'tool.returned':
        addToUsage(entry.usage)
        return calls.end(entry.callId, { result: entry.result })
      case 'tool.failed':
        addToUsage(entry.usage)
        return calls.end(entry.callId, { error: entry.error })
      case 'review.requested':
        reviews.set(entry.callId, entry)
        return
      case 'review.decided':
        return decide(entry)
      case 'turn.completed':
        return complete(entry)
      case 'turn.failed':
        return fail(entry)
      case 'model.failed':
        refused = !entry.retryable
        return
      case 'child.started':
      case 'calls.spent':
      case 'file.fetched':
      case 'file.failed':
      case 'context.trimmed':
      case 'turn.parked':
      case 'cancel.requested':
        return
      default:
        entry satisfies never
    }
  }

  return {
    /** Applies an entry and returns its events in order. */
    add(entry: Fact | Delta): WireEvent[] {
      apply(entry)
      return writer.take()
    },

    response,

    /** The items so far, and the id of the part or of the call that each of them shows. */
    output: writer.output,
    sources: writer.sources,
  }
}

/** The response of a turn with these facts. Yields to other requests between batches of facts. */
export async function responseOf(taskId: string, facts: Fact[]): Promise<ResponseBody> {
  const projection = createResponseProjection(taskId)
  for (const [at, fact] of facts.entries()) {
    if (at > 0 && at % factsAtOnce === 0) await nextTurn()
    projection.add(fact)
  }
  return projection.response()
}

/** The number of facts in a batch: the projection of each writes its values as JSON. */
const factsAtOnce = 200
