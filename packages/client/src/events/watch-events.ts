import { ApiError, ConnectionError, StreamError } from '../errors.ts'
import { backoff, pause } from '../request/backoff.ts'
import type { Send } from '../request/send.ts'
import type { StreamEvent } from '../types.ts'
import { parseEvents } from './parse-events.ts'

/** An event of a task, with its id, at which another stream can continue. */
export type TaskEvent = StreamEvent & { id: number }

export type EventsOptions = {
  /** The id of the event after which the stream starts; 0 for all. By default it starts with the latest turn. */
  after?: number
  /** `turns`: the stream continues with later turns, and does not end by itself. */
  follow?: 'turns'
  signal?: AbortSignal | undefined
  /** Called while the turn waits, every 15 seconds, with what it waits for. */
  onWaiting?: (what: string) => void
  /** Called when the connection was lost, before the next attempt. */
  onReconnect?: (lost: Error) => void
}

type Watched = { send: Send; path: { agent_key: string; task_id: string }; patienceMs: number }

/** The server writes something every 15 seconds. After three times that long, the connection is dead. */
const silenceMs = 45_000

/**
 * Yields each event of a task once and in order, until its turn has ended. A lost connection is made again, to any API
 * process, and continues after the last event.
 */
export async function* watchEvents(
  { send, path, patienceMs }: Watched,
  { after, follow, signal, onWaiting, onReconnect }: EventsOptions,
): AsyncGenerator<TaskEvent, void, undefined> {
  let last = after
  let reachedAt: number | undefined
  for (let attempt = 0; ; attempt += 1) {
    try {
      const query = { after: last, follow }
      const headers = { accept: 'text/event-stream' }
      const once = reachedAt !== undefined
      const stream = new AbortController()
      const both = signal ? AbortSignal.any([signal, stream.signal]) : stream.signal
      const response = await send('get', events, { path, query, headers, signal: both, once })
      reachedAt = Date.now()
      if (response.status === 204 || response.body === null) return
      for await (const { id, data, comment } of framesOf(response.body, stream)) {
        reachedAt = Date.now()
        attempt = 0
        if (comment?.startsWith('waiting') === true) onWaiting?.(comment)
        if (data === undefined) continue
        if (data === '[DONE]') return
        const number = Number(id ?? Number.NaN)
        if (last !== undefined && number <= last) continue
        yield { ...eventOf(data), id: number }
        last = number
      }
      throw new ConnectionError('the stream ended before the turn had')
    } catch (error) {
      signal?.throwIfAborted()
      const lost = lossOf(error)
      if (lost === undefined || reachedAt === undefined) throw error
      if (Date.now() - reachedAt > patienceMs) throw lost
      onReconnect?.(lost)
      await pause(Math.max(backoff(attempt), retryAfterOf(lost)), signal)
    }
  }
}

const events = '/v2/agents/{agent_key}/responses/{task_id}/events'

/** Reads frames, and aborts the request of a stream that has been silent for too long. */
async function* framesOf(body: ReadableStream<Uint8Array>, stream: AbortController) {
  let timer: ReturnType<typeof setTimeout> | undefined
  const onRead = () => {
    clearTimeout(timer)
    const why = new ConnectionError('the stream has been silent for too long')
    timer = setTimeout(() => stream.abort(why), silenceMs)
  }
  onRead()
  try {
    yield* parseEvents(body, { onRead })
  } finally {
    clearTimeout(timer)
  }
}

function eventOf(data: string): StreamEvent {
  try {
    return JSON.parse(data) as StreamEvent
  } catch (error) {
    throw new StreamError(`this is no event: ${data.slice(0, 100)}`, { cause: error })
  }
}

/** The error if a new connection can help; undefined if it cannot. */
function lossOf(error: unknown): Error | undefined {
  if (error instanceof StreamError) return undefined
  if (!(error instanceof ApiError)) return error instanceof Error ? error : undefined
  const passing = error.policies.length > 0 || [502, 503, 504].includes(error.status)
  return passing ? error : undefined
}

function retryAfterOf(error: Error): number {
  return error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0
}
