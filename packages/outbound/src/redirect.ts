import { Failure } from './failure.ts'

/** One request to one server; header names in lower case. */
export type Hop = {
  method: string
  url: URL
  headers: Record<string, string>
  body: string | undefined
}

/** Where a reply sends its reader; undefined when it is the answer. */
export function locationOf(status: number, headers: Record<string, string>): string | undefined {
  return [301, 302, 303, 307, 308].includes(status) ? headers['location'] : undefined
}

/**
 * The next request, as browsers make it, except that encryption is never given up and no secret
 * goes to another origin. What was dropped stays dropped, also when a later redirect leads back.
 */
export function redirected(
  hop: Hop,
  {
    status,
    location,
    secretHeaders,
  }: { status: number; location: string; secretHeaders: string[] },
): Hop {
  const url = URL.parse(location, hop.url.href)
  if (url === null) throw refused(hop, 'to something that is not a URL')
  if (hop.url.protocol === 'https:' && url.protocol === 'http:') {
    throw refused(hop, 'from https to http')
  }
  const becomesGet = status === 303 ? hop.method !== 'HEAD' : status <= 302 && hop.method === 'POST'
  const secrets = new Set([
    'authorization',
    'cookie',
    ...secretHeaders.map((name) => name.toLowerCase()),
  ])
  const headers = Object.entries(hop.headers).filter(
    ([name]) =>
      !(becomesGet && name.startsWith('content-')) &&
      !(url.origin !== hop.url.origin && secrets.has(name)),
  )
  return {
    method: becomesGet ? 'GET' : hop.method,
    url,
    headers: Object.fromEntries(headers),
    body: becomesGet ? undefined : hop.body,
  }
}

function refused(hop: Hop, where: string): Failure {
  return new Failure('refused', `${hop.url.host} redirects ${where}, which is not followed`)
}
