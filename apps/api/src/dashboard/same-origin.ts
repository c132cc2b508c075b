import type { Request } from 'express'

/**
 * Whether a page of this server has sent a request with a cookie. Browsers name the site over TLS and on localhost
 * only. Elsewhere a change needs the origin, which they send with every change, and a read needs nothing: a cookie with
 * SameSite=Strict comes from no other site.
 */
export function isSameOrigin({ method, headers, host }: Request): boolean {
  const isRead = method === 'GET' || method === 'HEAD'
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || (site === 'none' && isRead)
  return headers.origin === undefined ? isRead : hostOf(headers.origin) === host
}

function hostOf(origin: string): string | undefined {
  return URL.parse(origin)?.host
}
