import { AISDKError, APICallError } from '@ai-sdk/provider'
import { ModelError } from '@longhaul/core'
import { retryAfter } from './retry-after.ts'

/**
 * What went wrong between us and a vendor, in words that may be shown to the caller: the vendor's
 * message, without keys, headers, addresses or stacks. Anything else is returned as it is.
 */
export function toModelError(error: unknown, apiKey?: string): unknown {
  if (error instanceof ModelError) return error
  const inner = findModelError(error)
  if (inner !== undefined) return inner
  if (APICallError.isInstance(error)) return fromApiCall(error, apiKey)
  if (AISDKError.isInstance(error)) return malformed()
  return error
}

/** From an error that came as a frame of the stream: the vendor's object, or the library's finding. */
export function frameError(error: unknown): ModelError {
  if (AISDKError.isInstance(error)) {
    return error.message.includes('finish reason')
      ? new ModelError("the model's answer was cut off", { retryable: true })
      : malformed()
  }
  const vendor = readVendorError({ error })
  const code = Number(vendor.code)
  const status = Number.isInteger(code) && code >= 400 && code <= 599 ? code : undefined
  return vendorError({ ...vendor, status, otherwise: vendor.type !== 'invalid_request_error' })
}

/** An error of ours that was thrown within the library's stream comes out wrapped. */
function findModelError(error: unknown): ModelError | undefined {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof ModelError) return at
  return undefined
}

function fromApiCall(error: APICallError, apiKey: string | undefined): ModelError {
  const { statusCode: status, responseBody, responseHeaders } = error
  if (status === undefined || status < 300) return unreachable(error)
  return vendorError({
    ...readVendorError(parse(responseBody)),
    status,
    otherwise: false,
    retryAfter: retryAfter(responseHeaders ?? {}),
    apiKey,
  })
}

function unreachable(error: APICallError): ModelError {
  const code = networkCode(error)
  const how =
    error.statusCode === undefined ? 'the provider cannot be reached' : 'the connection broke'
  return new ModelError(code === undefined ? how : `${how} (${code})`, { retryable: true })
}

/** Such as ECONNREFUSED, somewhere in the chain of causes. */
function networkCode(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code
  }
  return undefined
}

function malformed(): ModelError {
  return new ModelError("the provider's answer could not be understood", { retryable: true })
}

function parse(body: string | undefined): unknown {
  try {
    return JSON.parse(body ?? '')
  } catch {
    return undefined
  }
}

type VendorError = { message?: string; type?: string; code?: string | number }

/** From `{ error: { message, type, code } }`, `{ error: '…' }`, `{ message }` or `{ detail }`. */
function readVendorError(body: unknown): VendorError {
  if (typeof body !== 'object' || body === null) return {}
  const fields = body as Record<string, unknown>
  const { error } = fields
  if (typeof error === 'object' && error !== null) return readVendorError(error)
  const message = [error, fields['message'], fields['detail']].find(
    (text) => typeof text === 'string' && text !== '',
  )
  const { type, code } = fields
  return {
    ...(typeof message === 'string' ? { message } : {}),
    ...(typeof type === 'string' ? { type } : {}),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
  }
}

function vendorError({
  message,
  code,
  status,
  otherwise,
  retryAfter: wait,
  apiKey,
}: VendorError & {
  status: number | undefined
  /** Whether it may be tried again when no status decides. */
  otherwise: boolean
  retryAfter?: number | undefined
  apiKey?: string | undefined
}): ModelError {
  const what = status === undefined ? 'the provider failed' : `the provider answered ${status}`
  const tooLong = code === 'context_length_exceeded' || tooLongWords.test(message ?? '')
  const permanent = tooLong && (status === undefined || status < 429)
  return new ModelError(message === undefined ? what : `${what}: ${presentable(message, apiKey)}`, {
    ...(permanent ? { code: 'context_too_long' } : {}),
    status,
    retryable: !permanent && (status === undefined ? otherwise : mayPass(status)),
    retryAfter: wait,
  })
}

const tooLongWords = /context[ _](?:length|window|size)|maximum context|prompt is too long/i

function mayPass(status: number): boolean {
  return [408, 409, 425, 429].includes(status) || status >= 500
}

/** Vendors like to quote the key that they refuse. */
function presentable(message: string, apiKey: string | undefined): string {
  const known =
    apiKey === undefined || apiKey === '' ? message : message.replaceAll(apiKey, '[key]')
  return known
    .replaceAll(/\b(?:sk|pk|rk|gsk|xai|key)[-_][\w*.-]{6,}|\bBearer\s+\S+/gi, '[key]')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 500)
}
