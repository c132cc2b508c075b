import type { Request } from 'express'

type TrustFunction = (address: string | undefined, hop: number) => boolean

/**
 * A path of this server as its clients see it: with the prefix that a trusted proxy removed and sent in
 * `X-Forwarded-Prefix`. A prefix that is not a plain path is ignored, because clients follow the path.
 */
export function publicPath(path: string, { headers, socket, app }: Request): string {
  const prefix = headers['x-forwarded-prefix']
  if (typeof prefix !== 'string' || !isPrefix(prefix)) return path
  const trusts = app.get('trust proxy fn') as TrustFunction
  return trusts(socket.remoteAddress, 0) ? prefix.replace(/\/$/, '') + path : path
}

/** Whether a prefix is a plain path. Two slashes would start a host, and two dots would go to the parent. */
function isPrefix(text: string): boolean {
  return text.length <= 256 && /^(?:\/(?!\.\.?(?:\/|$))[\w.~-]+)+\/?$/.test(text)
}
