import { type ErrorCode, limits, LonghaulError } from '@longhaul/core'
import type { ErrorRequestHandler } from 'express'
import { clientGone } from '../request/read-body.ts'
import { identityOf } from '../auth/principal.ts'
import type { Deps } from '../deps.ts'
import { errorBody } from './error-body.ts'
import { sendReply } from './send-reply.ts'

/** Handles every error: logs it if it is internal, and answers in the format that all clients read. */
export function createErrorHandler({
  log,
  refused,
}: Pick<Deps, 'log' | 'refused'>): ErrorRequestHandler {
  // Express recognizes an error handler by its four parameters.
  return (thrown: unknown, request, response, _next) => {
    if (thrown === clientGone || (response.destroyed && isAbort(thrown))) {
      response.destroy()
      return
    }
    const error = toLonghaulError(thrown)
    const { requestId, principal, address } = response.locals
    if (error.code === 'internal') {
      log.error({ err: thrown, request_id: requestId }, 'request failed')
    } else if (error.code === 'unavailable') {
      log.warn({ err: error.cause ?? error.message, request_id: requestId }, 'request refused')
    } else if (error.code === 'rate_limited' || error.code === 'overloaded') {
      const who = { ...identityOf(principal), address }
      for (const policy of policiesOf(error)) refused(policy, who)
    }
    const isLate = response.locals.late === true && !response.writableEnded
    if ((response.headersSent && !isLate) || response.destroyed) {
      response.destroy()
      return
    }
    const status = error.status ?? answers[error.code].status
    sendReply(response, {
      status,
      body: bodyOf(error, { status, requestId, path: request.path }),
      headers: { ...answers[error.code].headers, ...retryAfter(error, status) },
    })
  }
}

/** Whether an error is the abort of a wait because the client disconnected. */
function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}

/** Hides the text of an unexpected error: it may have names of files or libraries, or data of other callers. */
function toLonghaulError(error: unknown): LonghaulError {
  if (error instanceof LonghaulError && error.code !== 'internal') return error
  if (error instanceof URIError) {
    return new LonghaulError(
      'invalid',
      'The path is not encoded correctly: a % must begin a valid code.',
    )
  }
  return new LonghaulError(
    'internal',
    'Something went wrong on our side. The logs have it under the request id.',
  )
}

/** The headers that ask a client to wait: whole seconds, and milliseconds for SDKs that read them. */
function retryAfter({ retryAfterSeconds }: LonghaulError, status: number): Record<string, string> {
  // A vendor's 429 reaches the caller only after all retries with backoff: a wait of seconds would not help.
  if (retryAfterSeconds === undefined) return status === 429 ? { 'retry-after': '30' } : {}
  const seconds = Math.min(Math.max(retryAfterSeconds, 0.001), limits.retryAfter / 1_000)
  return {
    'retry-after': String(Math.ceil(seconds)),
    'retry-after-ms': String(Math.ceil(seconds * 1_000)),
  }
}

function policiesOf({ details }: LonghaulError): string[] {
  const policies = details['violated_policies']
  return Array.isArray(policies) ? policies.map(String) : []
}

type Answer = { status: number; type: string; headers?: Record<string, string> }

const wrong = 'invalid_request_error'

const answers: Record<ErrorCode, Answer> = {
  invalid: { status: 400, type: wrong },
  unauthorized: {
    status: 401,
    type: 'authentication_error',
    headers: { 'www-authenticate': 'Bearer' },
  },
  not_found: { status: 404, type: wrong },
  method_not_allowed: { status: 405, type: wrong },
  conflict: { status: 409, type: wrong },
  mismatch: { status: 422, type: wrong },
  task_full: { status: 422, type: wrong },
  too_large: { status: 413, type: wrong },
  unsupported_media_type: { status: 415, type: wrong },
  expectation_failed: { status: 417, type: wrong },
  // Clients that retry every server error would start another turn.
  wait_expired: {
    status: 504,
    type: 'timeout_error',
    headers: { 'x-should-retry': 'false' },
  },
  turn_failed: { status: 500, type: 'turn_failed' },
  rate_limited: { status: 429, type: 'rate_limit_error' },
  overloaded: { status: 503, type: 'server_error' },
  unavailable: { status: 503, type: 'server_error', headers: { 'retry-after': '1' } },
  internal: { status: 500, type: 'server_error' },
}

function bodyOf(
  { code, reason, type = answers[code].type, message, fields, details }: LonghaulError,
  { status, requestId, path }: { status: number; requestId: string; path: string },
) {
  const body = errorBody({ status, type, code: reason ?? code, message, requestId, fields })
  // The orq SDKs expect a string here for a tool's 404.
  const ofTool = status === 404 && /^\/v2\/tools(\/|$)/.test(path)
  return { ...details, ...body, ...(ofTool && { error: message }) }
}
