import { cutText, invalid } from '@longhaul/core'
import type { HttpDefinition, HttpHeader } from '@longhaul/core'
import type { HeaderInput } from '../secrets/unsealed.ts'

type Http = Omit<HttpDefinition, 'headers'> & { headers: Record<string, HeaderInput | HttpHeader> }

/** Refuses a request that cannot be made, or whose placeholders could direct it to another server. */
export function checkHttp(http: Http, at: string) {
  checkUrl(http.url, `${at}.url`)
  checkHeaders(http.headers, (name) => `${at}.headers.${name}`)
  for (const [name, argument] of Object.entries(http.arguments)) {
    const named = cutText(name, 100)
    const path = `${at}.arguments.${named}`
    if (!/^[A-Za-z_][\w.-]{0,63}$/.test(name)) {
      throw invalid(path, 'must be named by a letter or _, then up to 63 letters, digits, _ . -')
    }
    if (argument.default !== undefined && typeof argument.default !== argument.type) {
      throw invalid(`${at}.defaults.${named}`, `must be a ${argument.type}`)
    }
  }
}

/** Refuses headers that cannot be sent, or that belong to the connection. */
export function checkHeaders(
  headers: Record<string, HeaderInput | HttpHeader>,
  pathOf: (name: string) => string,
) {
  for (const [name, value] of Object.entries(headers)) {
    const path = pathOf(cutText(name, 100))
    if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) throw invalid(path, 'is no name of a header')
    if (connectionHeaders.has(name.toLowerCase())) throw invalid(path, 'is set by Longhaul')
    const text = typeof value === 'string' ? value : 'secret' in value ? value.secret : ''
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) {
      throw invalid(path, 'has a character that no header can have')
    }
  }
}

/** Headers that belong to the connection, not to the tool. */
const connectionHeaders = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'upgrade',
  'te',
  'trailer',
  'expect',
  'proxy-authorization',
])

export function checkUrl(url: string, path: string) {
  const [, authority = ''] = /^https?:\/\/([^/?#\\]*)/i.exec(url) ?? []
  if (authority === '') throw invalid(path, 'must begin with http:// or https:// and a host')
  if (authority.includes('{{')) {
    throw invalid(
      path,
      'must have no placeholder in its host: whoever fills it would choose the server',
    )
  }
  const parsed = URL.parse(withoutPlaceholders(url))
  if (parsed === null) throw invalid(path, 'is no URL')
  if (parsed.username !== '' || parsed.password !== '') {
    throw invalid(path, 'must have no credentials: send them in a header that is encrypted')
  }
}

/** Searches by index: a pattern would search the rest of the text again for each placeholder that is not closed. */
function withoutPlaceholders(url: string): string {
  let text = ''
  let end = 0
  for (;;) {
    const open = url.indexOf('{{', end)
    const close = open === -1 ? -1 : url.indexOf('}}', open + 2)
    if (close === -1) return text + url.slice(end)
    text += `${url.slice(end, open)}x`
    end = close + 2
  }
}
