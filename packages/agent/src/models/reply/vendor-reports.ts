import { limits, type VendorReport, type VendorReports } from '@longhaul/core'

type Headers = Readonly<Record<string, string>>

/**
 * What a vendor reports in its headers of its own limits: OpenAI and servers like it in `x-ratelimit-*`, Anthropic in
 * `anthropic-ratelimit-*`. Undefined without such headers.
 */
export function vendorReports(
  headers: Headers,
  now: number = Date.now(),
): VendorReports | undefined {
  const requests = reportOf('requests', headers, now)
  const tokens = reportOf('tokens', headers, now)
  if (requests === undefined && tokens === undefined) return undefined
  return { ...(requests && { requests }), ...(tokens && { tokens }) }
}

function reportOf(unit: string, headers: Headers, now: number): VendorReport | undefined {
  const [remaining, reset] =
    headers[`x-ratelimit-remaining-${unit}`] === undefined
      ? [`anthropic-ratelimit-${unit}-remaining`, `anthropic-ratelimit-${unit}-reset`]
      : [`x-ratelimit-remaining-${unit}`, `x-ratelimit-reset-${unit}`]
  const left = headers[remaining]?.trim() ?? ''
  if (!/^\d+$/.test(left)) return undefined
  const sentAt = Date.parse(headers['date'] ?? '')
  const resetMs = pauseIn(headers[reset]?.trim() ?? '', Number.isNaN(sentAt) ? now : sentAt)
  return { remaining: Number(left), resetMs: Math.min(resetMs, limits.model.retryAfter) }
}

const units: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Milliseconds in `6m0s`, in seconds, or until a date; 0 in another text. */
function pauseIn(text: string, now: number): number {
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1_000)
  if (/^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/.test(text)) {
    const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)]
    return Math.ceil(
      parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (units[unit] ?? 0), 0),
    )
  }
  const until = Date.parse(text)
  return Number.isNaN(until) ? 0 : Math.max(0, until - now)
}
