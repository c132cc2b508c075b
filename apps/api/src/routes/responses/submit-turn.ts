import { type Delta, type Fact, LonghaulError, responseId } from '@longhaul/core'
import type { AcceptedTurn, EndWatch } from '@longhaul/tasks'
import { isGone } from '../../http/abort-on-disconnect.ts'
import type { Deps } from '../../deps.ts'
import type { Dialect, ReplyMode } from '../../dialects/dialect.ts'
import { publicPath } from '../../http/public-path.ts'
import { replayedHeader } from '../../request/idempotency-key.ts'
import { sendEvents } from '../../reply/send-events.ts'
import { waitingCommentOf } from '../../reply/waiting-comment.ts'
import type { Call, Reply } from '../../route.ts'
import { holdOpen } from '../../http/hold-open.ts'
import { acceptTurn, addHeaders, type RepeatKey } from './accept-turn.ts'
import { replyAfterWait } from './reply-after-wait.ts'

/** Submits the turn of a request, and replies in its dialect and in the requested mode. */
export async function submitTurn(
  dialect: Dialect,
  call: Call<ReplyMode>,
  deps: Deps,
): Promise<Reply | undefined> {
  // The content type of the reply depends on `stream`, so it takes precedence over `background`.
  const streamed = call.body.stream === true
  const waits = !streamed && call.body.background !== true
  const watch = waits ? deps.tasks.endWatch() : undefined
  try {
    return await submitAs({ streamed, waits, watch }, dialect, { call, deps })
  } finally {
    watch?.stop()
  }
}

type Mode = { streamed: boolean; waits: boolean; watch: EndWatch | undefined }

async function submitAs(
  { streamed, waits, watch }: Mode,
  dialect: Dialect,
  { call, deps }: { call: Call<ReplyMode>; deps: Deps },
): Promise<Reply | undefined> {
  // A shutdown gives the turn the time of the drain, if the dialect has a reply for a turn that takes longer.
  const stopping = waits && dialect.late !== undefined ? deps.drained : deps.stopping
  const signal =
    streamed || waits ? holdOpen(call.response, { streams: deps.streams, stopping }) : undefined
  const { turn, key } = await acceptTurn(dialect, call, {
    deps,
    signal,
    isAwaited: streamed || waits,
    streamed,
    callerWait: waits ? deps.syncWaitMs : undefined,
    watch,
  })
  call.bodyDone()
  addHeaders(call.response, headersOf(turn))
  if (signal === undefined) return { status: 200, body: await dialect.accepted(turn) }
  if (!streamed) return await replyWhenEnded(turn, dialect, { ...call, signal, key, watch }, deps)
  const watched = deps.tasks.watchTurn(turn, signal)
  const entries = key?.received ? noticing(watched, key.received) : watched
  const framesOf = dialect.frames(turn.taskId)
  const { cutsStreams: cut } = dialect
  const comment = waitingCommentOf(turn, deps)
  await sendEvents({ entries, framesOf }, { response: call.response, signal, cut, comment })
  return undefined
}

function headersOf({ replayed, began: { ignored } }: AcceptedTurn): Record<string, string> {
  return {
    ...(replayed && replayedHeader),
    ...(ignored !== undefined && { 'longhaul-ignored': ignored.join(', ') }),
  }
}

/** Calls `onOutput` before the first entries that show how a turn goes on after its start. */
async function* noticing(
  entries: AsyncIterable<(Fact | Delta)[]>,
  onOutput: () => void,
): AsyncGenerator<(Fact | Delta)[]> {
  let isNoticed = false
  for await (const batch of entries) {
    if (!isNoticed && batch.some(({ type }) => !starts.has(type))) {
      isNoticed = true
      onOutput()
    }
    yield batch
  }
}

const starts = new Set(['turn.started', 'attempt.started'])

/** Returns undefined if the caller has disconnected. Rejects if the turn takes longer than a request may wait. */
async function replyWhenEnded(
  turn: AcceptedTurn,
  dialect: Dialect,
  call: Call & { signal: AbortSignal; key: RepeatKey | undefined; watch: EndWatch | undefined },
  deps: Deps,
): Promise<Reply | undefined> {
  const { params, query, request, response, signal, key, watch } = call
  const { tasks, syncWaitMs, drained } = deps
  // An earlier request has submitted a replayed turn, which may have ended before the watch began.
  const early = turn.replayed ? undefined : watch
  const result = await tasks.wait(turn, { ms: syncWaitMs, signal, watch: early })
  if (isGone(response)) return undefined
  const context = { query, tasks, signal }
  const body = await (result === undefined
    ? dialect.waiting?.(turn, context)
    : dialect.ended(turn, result, context))
  if (isGone(response)) return undefined
  if (body !== undefined) return { status: 200, large: true, owed: true, body }
  const { message, path } = dialect.expired(turn, {
    agent: params['agent_key'],
    path: request.path,
  })
  response.locals.headers = { ...response.locals.headers, location: publicPath(path, request) }
  const details = { task_id: turn.taskId, response_id: responseId(turn.taskId, turn.turn) }
  if (dialect.late === undefined) throw new LonghaulError('wait_expired', message, { details })
  if (!drained.aborted) return await replyAfterWait(turn, dialect, response, deps)
  if (key !== undefined) throw new LonghaulError('unavailable', message, { details })
  // Clients would send the request again after any other status, and a repeat would be another turn.
  throw new LonghaulError('wait_expired', message, { status: 400, details })
}
