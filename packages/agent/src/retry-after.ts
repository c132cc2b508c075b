/**
 * How long a server asks to wait, milliseconds: `retry-after-ms`, or `Retry-After` in seconds or as a date. A date is
 * compared with the date of the reply, since the clocks may differ.
 */
export function retryAfter(
  headers: Record<string, string>,
  now: number = Date.now(),
): number | undefined {
  const exact = Number.parseFloat(headers['retry-after-ms'] ?? '')
  if (exact >= 0) return Math.ceil(exact)
  const text = headers['retry-after']?.trim() ?? ''
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000)
  const until = Date.parse(text)
  if (Number.isNaN(until)) return undefined
  const sentAt = Date.parse(headers['date'] ?? '')
  return Math.max(0, until - (Number.isNaN(sentAt) ? now : sentAt))
}
