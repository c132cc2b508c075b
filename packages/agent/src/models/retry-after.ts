/** How long a server asks to wait, milliseconds: `retry-after-ms`, or `Retry-After` in seconds or as a date. */
export function retryAfter(
  headers: Record<string, string>,
  now: number = Date.now(),
): number | undefined {
  const exact = Number.parseFloat(headers['retry-after-ms'] ?? '')
  if (exact >= 0) return Math.ceil(exact)
  const text = headers['retry-after']?.trim() ?? ''
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000)
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
