import { defined } from './defined.ts'

export type VendorError = {
  message?: string
  type?: string
  code?: string | number
  status?: number | undefined
  /** Milliseconds. */
  retryAfter?: number | undefined
}

/**
 * What a vendor says of its error: `{ error: { message, type, code } }`, `{ error: '…' }`, `{ message }`
 * or `{ detail }`, or a list of such.
 */
export function readVendorError(body: unknown): VendorError {
  if (Array.isArray(body)) return readVendorError(body[0])
  if (typeof body !== 'object' || body === null) return {}
  const fields = body as Record<string, unknown>
  const { error } = fields
  if (typeof error === 'object' && error !== null) return readVendorError(error)
  const { type, code, statusCode, details } = fields
  const said = [error, fields['message'], fields['detail']]
  return defined({
    message: said.find((text): text is string => typeof text === 'string' && text !== ''),
    type: typeof type === 'string' ? type : undefined,
    code: typeof code === 'string' || typeof code === 'number' ? code : undefined,
    status: typeof statusCode === 'number' ? statusCode : undefined,
    retryAfter: Array.isArray(details) ? details.map(retryDelay).find(isGiven) : undefined,
  })
}

/** Google's `{ "@type": "…RetryInfo", "retryDelay": "34.5s" }`. */
function retryDelay(detail: unknown): number | undefined {
  if (typeof detail !== 'object' || detail === null || !('retryDelay' in detail)) return undefined
  const [, seconds] = /^(\d+(?:\.\d+)?)s$/.exec(String(detail.retryDelay)) ?? []
  return seconds === undefined ? undefined : Math.ceil(Number(seconds) * 1_000)
}

function isGiven(value: number | undefined): value is number {
  return value !== undefined
}
