import { defined } from '@longhaul/core'

export type VendorError = {
  message?: string
  type?: string
  code?: string | number
  status?: number | undefined
  /** Milliseconds. */
  retryAfter?: number | undefined
}

/** The largest number of objects and lists that may wrap an error. */
const mostWrappers = 5

/**
 * Reads a vendor's error: `{ error: { message, type, code } }`, `{ error: '…' }`, `{ message }` or `{ detail }`, or a
 * list of these. An error that is wrapped more deeply is not read. A gateway such as OpenRouter passes the error of the
 * vendor behind it on as JSON in `metadata.raw`; its own message says nothing then.
 */
export function readVendorError(body: unknown): VendorError {
  let fields = body as Record<string, unknown>
  for (let left = mostWrappers; isWrapper(fields); left -= 1) {
    if (left === 0) return {}
    fields = (Array.isArray(fields) ? fields[0] : fields['error']) as Record<string, unknown>
  }
  if (typeof fields !== 'object' || fields === null) return {}
  const { error } = fields
  const { type, code, statusCode, details, metadata } = fields
  const texts = [passedOn(metadata), error, fields['message'], fields['detail']]
  return defined({
    message: texts.find((text): text is string => typeof text === 'string' && text !== ''),
    type: typeof type === 'string' ? type : undefined,
    code: typeof code === 'string' || typeof code === 'number' ? code : undefined,
    status: typeof statusCode === 'number' ? statusCode : undefined,
    retryAfter: Array.isArray(details) ? details.map(retryDelay).find(isGiven) : undefined,
  })
}

function passedOn(metadata: unknown): string | undefined {
  const raw = typeof metadata === 'object' && metadata !== null && 'raw' in metadata && metadata.raw
  if (typeof raw !== 'string') return undefined
  try {
    return readVendorError(JSON.parse(raw)).message
  } catch {
    return raw
  }
}

function isWrapper(value: unknown): boolean {
  if (Array.isArray(value)) return true
  if (typeof value !== 'object' || value === null || !('error' in value)) return false
  return typeof value.error === 'object' && value.error !== null
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
