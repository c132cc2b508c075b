import { quoted } from '../quoted.ts'

/** The reason why a request cannot be sent; undefined when it can. The reason never repeats header values. */
export function checkRequest(method: string, headers: Record<string, string>): string | undefined {
  if (!isToken(method) || ['CONNECT', 'TRACE', 'TRACK'].includes(method.toUpperCase())) {
    return `the method ${quoted(method)} cannot be used`
  }
  for (const [name, value] of Object.entries(headers)) {
    if (!isToken(name)) return `the header ${quoted(name)} has a name that HTTP does not allow`
    if (isReserved(name)) return `the header ${quoted(name)} is set by the client itself`
    if (!isValue(value)) return `the header ${quoted(name)} has a value that HTTP does not allow`
  }
  return undefined
}

function isToken(text: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text)
}

/** Headers that frame or route a request. Callers cannot set them. */
function isReserved(name: string): boolean {
  return /^(?:host|connection|content-length|transfer-encoding|te|trailer|upgrade|expect|keep-alive|http2-settings|proxy-.*)$/i.test(
    name,
  )
}

/** A header value may contain only single bytes, and no line break, which would begin another header. */
function isValue(text: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text)
}
