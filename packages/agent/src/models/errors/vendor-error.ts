import { AISDKError, APICallError, UnsupportedFunctionalityError } from '@ai-sdk/provider'
import { cutText, limits, ModelError, type VendorReports } from '@longhaul/core'
import { readVendorError } from './read-vendor-error.ts'
import type { VendorError } from './read-vendor-error.ts'
import { vendorReports } from '../reply/vendor-reports.ts'
import { retryAfter } from '../../retry-after.ts'

/**
 * Turns an error of a vendor's call into a `ModelError` that may be shown to the caller: it has the vendor's message,
 * without keys, headers, addresses or stacks.
 */
export function toModelError(error: unknown, apiKey?: string): ModelError {
  const own = findModelError(error)
  if (own !== undefined) return own
  if (APICallError.isInstance(error)) return fromApiCall(error, apiKey)
  if (UnsupportedFunctionalityError.isInstance(error)) return notTaken(error)
  if (AISDKError.isInstance(error)) return malformed()
  // The library does not wrap every error that it throws on an answer of an unexpected shape.
  return malformed(error)
}

/** The error of an error frame in the stream: the vendor's object, or an error of the library. */
export function frameError(error: unknown, apiKey?: string): ModelError {
  if (APICallError.isInstance(error)) return fromApiCall(error, apiKey)
  if (AISDKError.isInstance(error)) {
    return error.message.includes('finish reason') ? answerCut() : malformed()
  }
  // Some parts of the library keep the vendor's object in `data`.
  const sent = typeof error === 'object' && error !== null && 'data' in error ? error.data : {}
  const vendor = { ...readVendorError(sent), ...readVendorError({ error }) }
  const code = vendor.status ?? Number(vendor.code)
  const status = Number.isInteger(code) && code >= 400 && code <= 599 ? code : undefined
  return vendorError({
    ...vendor,
    status,
    otherwise: !refusals.has(vendor.type ?? ''),
    apiKey,
  })
}

/** The error of an answer that stopped before its end event. */
export function answerCut(): ModelError {
  return new ModelError("the model's answer was cut off", { retryable: true })
}

/** The library wraps a `ModelError` that was thrown within its stream. */
function findModelError(error: unknown): ModelError | undefined {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof ModelError) return at
  return undefined
}

function fromApiCall(error: APICallError, apiKey: string | undefined): ModelError {
  const { statusCode: status, responseBody, responseHeaders } = error
  if (status === undefined || status < 300) return unreachable(error)
  const vendor = readVendorError(parse(responseBody))
  const wait = retryAfter(responseHeaders ?? {}) ?? vendor.retryAfter
  const reports = vendorReports(responseHeaders ?? {})
  return vendorError({ ...vendor, status, otherwise: false, retryAfter: wait, reports, apiKey })
}

function unreachable(error: APICallError): ModelError {
  const code = networkCode(error)
  const how =
    error.statusCode === undefined ? 'the provider cannot be reached' : 'the connection broke'
  return new ModelError(code === undefined ? how : `${how} (${code})`, {
    retryable: !wrongCertificate.test(code ?? ''),
    unsent: error.statusCode === undefined && isUnconnected(code ?? ''),
  })
}

const wrongCertificate =
  /^(?:CERT_|ERR_TLS_CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET_ISSUER|VERIFY))/

/** Whether there was no connection. After any other code, the vendor may have received the call. */
function isUnconnected(code: string): boolean {
  return noConnection.test(code) || wrongCertificate.test(code)
}

const noConnection = /^(?:ENOTFOUND|EAI_|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_)/

/** The first network code, such as ECONNREFUSED, in the chain of causes. */
function networkCode(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code
  }
  return undefined
}

function notTaken({ functionality }: UnsupportedFunctionalityError): ModelError {
  return new ModelError(`the provider does not take this: ${functionality}`, {
    retryable: false,
    unsent: true,
  })
}

function malformed(cause?: unknown): ModelError {
  return new ModelError("the provider's answer could not be understood", {
    retryable: true,
    unusable: true,
    cause,
  })
}

function parse(body: string | undefined): unknown {
  try {
    return JSON.parse(body ?? '')
  } catch {
    return undefined
  }
}

function vendorError({
  message,
  type,
  code,
  status,
  otherwise,
  retryAfter: wait,
  reports,
  apiKey,
}: VendorError & {
  /** Whether a retry is allowed when there is no status. */
  otherwise: boolean
  reports?: VendorReports | undefined
  apiKey?: string | undefined
}): ModelError {
  const what = status === undefined ? 'the provider failed' : `the provider answered ${status}`
  const tooLong =
    code === 'context_length_exceeded' ||
    type === 'request_too_large' ||
    tooLongWords.test(message ?? '')
  const permanent = tooLong && (status === undefined || status < 429)
  const unpaid = noCredit.has(type ?? '') || noCredit.has(String(code))
  const passing = !unpaid && (status === undefined ? otherwise : mayPass(status))
  return new ModelError(message === undefined ? what : `${what}: ${presentable(message, apiKey)}`, {
    ...(permanent ? { code: 'context_too_long' } : {}),
    status,
    retryable: !permanent && passing,
    retryAfter: wait === undefined ? undefined : Math.min(wait, limits.model.retryAfter),
    reports,
  })
}

const tooLongWords =
  /context[ _](?:length|window|size|limit)|maximum context|prompt is too long|exceeds the maximum number of tokens/i

/** Whether a retry may succeed after this status. 501 and 505 refuse the request itself. */
function mayPass(status: number): boolean {
  return [408, 409, 425, 429].includes(status) || (status >= 500 && ![501, 505].includes(status))
}

/** Types of errors within a stream, without a status, for which a retry cannot succeed. */
const refusals = new Set([
  'invalid_request_error',
  'authentication_error',
  'permission_error',
  'not_found_error',
])

/** The account has no credit left. The status does not show it: OpenAI sends 429. */
const noCredit = new Set([
  'insufficient_quota',
  'billing_error',
  'billing_not_active',
  'billing_hard_limit_reached',
])

/** Removes the API key: vendors often quote the key that they refuse. */
function presentable(message: string, apiKey = ''): string {
  const known = apiKey === '' ? message : withoutKey(message, apiKey)
  return cutText(known.replaceAll(keys, '[key]').replaceAll(/\s+/g, ' ').trim(), 500)
}

/** The shortest key that is removed everywhere. */
const longKey = 8

/**
 * A server without keys is often configured with a word such as `x` or `ollama`. Such a key is removed only where it is
 * a value: in quotes, or after a colon or an equals sign.
 */
function withoutKey(message: string, apiKey: string): string {
  if (apiKey.length >= longKey) return message.replaceAll(apiKey, '[key]')
  return message.replaceAll(apiKey, (key, at: number) => {
    const before = message.slice(Math.max(0, at - 3), at)
    const [after = ''] = message.slice(at + key.length)
    const isQuoted = after !== '' && `'"\u0060`.includes(after) && before.endsWith(after)
    const isAssigned = /[:=]\s*$/.test(before) && /^[\s.,;)\]}]?$/.test(after)
    return isQuoted || isAssigned ? '[key]' : key
  })
}

const keys = new RegExp(
  [
    String.raw`\b(?:sk|pk|rk|gsk|xai|key)[-_][\w*.-]{6,}`,
    String.raw`\bAIza[\w*-]{6,}`,
    String.raw`\bBearer\s+\S+`,
    String.raw`\bx-(?:goog-)?api-key\b\W*\S+`,
    String.raw`[?&]key=[^\s&"']+`,
  ].join('|'),
  'gi',
)
