import type { Request } from 'express'

type TrustFunction = (address: string | undefined, hop: number) => boolean

/**
 * A path of this server as its clients know it: with the prefix that a trusted proxy has taken off, as it says in
 * `X-Forwarded-Prefix`. What is no plain path there is left out, since clients follow what they are given.
 */
export function publicPath(path: string, { headers, socket, app }: Request): string {
  const prefix = headers['x-forwarded-prefix']
  if (typeof prefix !== 'string' || !isPrefix(prefix)) return path
  const trusts = app.get('trust proxy fn') as TrustFunction
  return trusts(socket.remoteAddress, 0) ? prefix.replace(/\/$/, '') + path : path
}

/** Two slashes would begin a host, and two dots a step upwards. */
function isPrefix(text: string): boolean {
  return text.length <= 256 && /^(?:\/(?!\.\.?(?:\/|$))[\w.~-]+)+\/?$/.test(text)
}
