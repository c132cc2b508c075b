import { Failure } from './failure.ts'

/** One request to one server. Header names are in lower case. */
export type Hop = {
  method: string
  url: URL
  headers: Record<string, string>
  body: string | undefined
}

/** The target of a redirect; undefined when the reply is no redirect. */
export function locationOf(status: number, headers: Record<string, string>): string | undefined {
  return [301, 302, 303, 307, 308].includes(status) ? headers['location'] : undefined
}

type Redirect = {
  status: number
  location: string
  secretHeaders: string[]
  holdsSecret?: ((text: string) => boolean) | undefined
}

/**
 * The next request after a redirect. It follows the rules of browsers, with two exceptions: https never becomes http,
 * and no secret is sent to another origin. A GET loses its secret headers, also when a later redirect leads back. A
 * redirect with a secret in its location is refused, and so is a request with secrets that keeps its method or body.
 */
export function redirected(
  hop: Hop,
  { status, location, secretHeaders, holdsSecret = () => false }: Redirect,
): Hop {
  const url = URL.parse(location, hop.url.href)
  if (url === null) throw refused(hop, 'to something that is not a URL')
  if (hop.url.protocol === 'https:' && url.protocol === 'http:') {
    throw refused(hop, 'from https to http')
  }
  const becomesGet = status === 303 ? hop.method !== 'HEAD' : status <= 302 && hop.method === 'POST'
  const method = becomesGet ? 'GET' : hop.method
  const body = becomesGet ? undefined : hop.body
  const secrets = new Set([...alwaysSecret, ...secretHeaders.map((name) => name.toLowerCase())])
  const leaves = url.origin !== hop.url.origin
  if (leaves) {
    const isPlain = body === undefined && ['GET', 'HEAD'].includes(method)
    const texts = isPlain ? [url.href] : [url.href, hop.url.href, body ?? '', ...headersOf(hop)]
    if (texts.some(holdsSecret) || (!isPlain && alwaysSecret.some((name) => name in hop.headers))) {
      throw refused(hop, `a request with a secret to another origin (${url.host})`)
    }
  }
  const headers = Object.entries(hop.headers).filter(
    ([name]) => !(becomesGet && name.startsWith('content-')) && !(leaves && secrets.has(name)),
  )
  return { method, url, headers: Object.fromEntries(headers), body }
}

const alwaysSecret = ['authorization', 'cookie']

function headersOf({ headers }: Hop): string[] {
  return Object.values(headers)
}

function refused(hop: Hop, where: string): Failure {
  return new Failure('refused', `${hop.url.host} redirects ${where}, which is not followed`)
}
