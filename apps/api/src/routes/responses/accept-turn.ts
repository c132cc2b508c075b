import { LonghaulError, type ModelQuota, type SubmitQuota } from '@longhaul/core'
import type { AcceptedTurn, EndWatch, ItemRequest, TurnRequest } from '@longhaul/tasks'
import type { Response } from 'express'
import { identityOf } from '../../auth/principal.ts'
import type { Deps } from '../../deps.ts'
import type { Dialect, ReplyMode } from '../../dialects/dialect.ts'
import { optionHeadersOf, OptionHeaders, optionsOf } from '../../dialects/shared/turn-options.ts'
import { quotaHeaders } from '../../http/quota-headers.ts'
import { idempotencyOf } from '../../request/idempotency-key.ts'
import { parse } from '../../request/parse.ts'
import type { Asked } from '../../request/repeat-key.ts'
import type { Call } from '../../route.ts'

/** A key under which a repeat of the request finds the same turn. */
export type RepeatKey = NonNullable<TurnRequest['idempotency']> & { received?: () => void }

type Waiting = {
  deps: Deps
  /** The signal of a request that stays open, and how long it waits for the end of its turn. */
  signal: AbortSignal | undefined
  /** Whether the client waits for the end of the turn, or watches its stream. */
  isAwaited: boolean
  streamed: boolean
  callerWait: number | undefined
  /** The watch for the end of the turn. */
  watch: EndWatch | undefined
}

/**
 * Accepts the turn of a request. Rejects with an error of the dialect. Every reply has what the workspace may still
 * submit, as far as it is known.
 */
export async function acceptTurn(
  dialect: Dialect,
  call: Call<ReplyMode>,
  { deps, signal, watch, ...waiting }: Waiting,
): Promise<{ turn: AcceptedTurn; key: RepeatKey | undefined }> {
  const { body, params, workspace, request, response, admit } = call
  // What is known if the store does not tell the quota.
  let quota = deps.quotas.of(workspace) ?? {}
  let ofModel: ModelQuota = {}
  const target = { workspace, agent: params['agent_key'] }
  try {
    const headers = optionHeadersOf(request.headers)
    const options = optionsOf(body.longhaul, headers && parse(OptionHeaders, headers))
    const asked = { agent: target.agent, body, ...(headers && { headers }) }
    const sent = idempotencyOf(request, asked)
    const parsed = dialect.parse(body, target)
    const isOpen = sent === undefined && signal !== undefined && dialect.isRepeated
    const key = isOpen ? await openKeyOf({ ...call, asked }, signal, deps) : sent
    const turn = { ...parsed, ...options, ...waiting, ...(key && { idempotency: key }) }
    const accepted = await submitOrExplain(turn)
    if (dialect.quotaHeaders) ofModel = await deps.tasks.modelQuota(workspace, accepted)
    return { turn: accepted, key }
  } finally {
    addHeaders(response, { ...quotaHeaders(quota), ...dialect.quotaHeaders?.(quota, ofModel) })
  }

  async function submitOrExplain(turn: TurnRequest | ItemRequest): Promise<AcceptedTurn> {
    try {
      const note = (told: SubmitQuota) => {
        deps.quotas.note(workspace, told)
        quota = told
      }
      return await deps.tasks.submit(turn, admit, note, watch)
    } catch (error) {
      if (!(error instanceof LonghaulError)) throw error
      throw dialect.explain?.(error, target) ?? error
    }
  }
}

/** Adds headers to the reply. */
export function addHeaders(response: Response, headers: Record<string, string>): void {
  response.locals.headers = { ...response.locals.headers, ...headers }
}

async function openKeyOf(
  { workspace, principal, request, response, asked }: Call & { asked: Asked },
  waiting: AbortSignal,
  { openRequestKeys }: Deps,
): Promise<RepeatKey | undefined> {
  const keyId = identityOf(principal).keyId ?? ''
  return await openRequestKeys.keyOf({ workspace, keyId, asked, request, response }, waiting)
}
