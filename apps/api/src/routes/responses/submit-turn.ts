import { LonghaulError, responseId } from '@longhaul/core'
import type { AcceptedTurn } from '@longhaul/tasks'
import { isGone } from '../../http/abort-on-disconnect.ts'
import type { Deps } from '../../deps.ts'
import type { Dialect, ReplyMode } from '../../dialects/dialect.ts'
import { identityOf } from '../../auth/principal.ts'
import { idempotencyOf } from '../../request/idempotency-key.ts'
import { optionHeadersOf, OptionHeaders, optionsOf } from '../../dialects/shared/turn-options.ts'
import { parse } from '../../request/parse.ts'
import type { Asked } from '../../request/repeat-key.ts'
import { publicPath } from '../../http/public-path.ts'
import { sendEvents } from '../../reply/send-events.ts'
import { waitingCommentOf } from '../../reply/waiting-comment.ts'
import type { Call, Reply } from '../../route.ts'
import { holdOpen } from '../../http/hold-open.ts'
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
  // A shutdown gives the turn the time of the drain, if the dialect has a reply for a turn that takes longer.
  const stopping = waits && dialect.late !== undefined ? deps.drained : deps.stopping
  const signal =
    streamed || waits ? holdOpen(call.response, { streams: deps.streams, stopping }) : undefined
  const { turn, isRepeatable } = await accept(dialect, call, {
    deps,
    waiting: waits ? signal : undefined,
  })
  call.bodyDone()
  call.response.locals.headers = headersOf(turn)
  if (signal === undefined) return { status: 200, body: await dialect.accepted(turn) }
  if (!streamed) return await replyWhenEnded(turn, dialect, { ...call, signal, isRepeatable }, deps)
  const entries = deps.tasks.watchTurn(turn, signal)
  const framesOf = dialect.frames(turn.taskId)
  const { cutsStreams: cut } = dialect
  const comment = waitingCommentOf(turn, deps)
  await sendEvents({ entries, framesOf }, { response: call.response, signal, cut, comment })
  return undefined
}

function headersOf({ replayed, began: { ignored } }: AcceptedTurn): Record<string, string> {
  return {
    ...(replayed && { 'idempotent-replayed': 'true' }),
    ...(ignored !== undefined && { 'longhaul-ignored': ignored.join(', ') }),
  }
}

/**
 * Rejects with an error of the dialect. `waiting` is the signal of a request that waits for the end of its turn.
 * `isRepeatable`: a repeat of the request finds the same turn.
 */
async function accept(
  dialect: Dialect,
  call: Call<ReplyMode>,
  { deps, waiting }: { deps: Deps; waiting: AbortSignal | undefined },
): Promise<{ turn: AcceptedTurn; isRepeatable: boolean }> {
  const { body, params, workspace, request, admit } = call
  const headers = optionHeadersOf(request.headers)
  const options = optionsOf(body.longhaul, headers && parse(OptionHeaders, headers))
  const asked = { agent: params['agent_key'], body, ...(headers && { headers }) }
  const target = { workspace, agent: asked.agent }
  const sent = idempotencyOf(request, asked)
  const parsed = dialect.parse(body, target)
  const isOpen = sent === undefined && waiting !== undefined && dialect.isRepeated
  const idempotency = isOpen ? await openKeyOf({ ...call, asked }, waiting, deps) : sent
  const callerWait = waiting && deps.syncWaitMs
  const turn = { ...parsed, ...options, callerWait, ...(idempotency && { idempotency }) }
  try {
    return { turn: await deps.tasks.submit(turn, admit), isRepeatable: idempotency !== undefined }
  } catch (error) {
    if (!(error instanceof LonghaulError)) throw error
    throw dialect.explain?.(error, target) ?? error
  }
}

async function openKeyOf(
  { workspace, principal, request, response, asked }: Call & { asked: Asked },
  waiting: AbortSignal,
  { openRequestKeys }: Deps,
) {
  const keyId = identityOf(principal).keyId ?? ''
  return await openRequestKeys.keyOf({ workspace, keyId, asked, request, response }, waiting)
}

/** Returns undefined if the caller has disconnected. Rejects if the turn takes longer than a request may wait. */
async function replyWhenEnded(
  turn: AcceptedTurn,
  dialect: Dialect,
  call: Call & { signal: AbortSignal; isRepeatable: boolean },
  deps: Deps,
): Promise<Reply | undefined> {
  const { params, query, request, response, signal, isRepeatable } = call
  const { tasks, syncWaitMs, drained } = deps
  const result = await tasks.wait(turn, { ms: syncWaitMs, signal })
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
  if (isRepeatable) throw new LonghaulError('unavailable', message, { details })
  // Clients would send the request again after any other status, and a repeat would be another turn.
  throw new LonghaulError('wait_expired', message, { status: 400, details })
}
