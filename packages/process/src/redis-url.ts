import { isIPv4, isIPv6 } from 'node:net'

/** A Redis server with its credentials, from `REDIS_URL`. */
export type RedisUrl = {
  /** The original URL, for a child process. */
  text: string
  host: string
  port: number
  /** The number of the database. */
  db: number
  tls: boolean
  username?: string
  password?: string
}

/** The form of `REDIS_URL`, for messages. */
export const redisUrlForm =
  'redis://[user:password@]host[:port][/database], or rediss:// for TLS, such as redis://127.0.0.1:6379'

/**
 * Parses `REDIS_URL` strictly: every part that is not understood is a problem, and no default replaces it. Returns the
 * URL, or the problem as text that completes the sentence "the URL …". The problem names the part and does not repeat
 * its text, because a password with a delimiter may extend into any part.
 */
export function parseRedisUrl(text: string): RedisUrl | string {
  const { scheme, authority = '', database, query, fragment } = split(text) ?? {}
  if (scheme === undefined) {
    return 'does not begin with redis:// or rediss://'
  }
  if (query !== undefined) {
    return `has a query (from its first ? on), of which nothing is understood: remove it (LONGHAUL_NAMESPACE replaces keyPrefix); ${encoded}`
  }
  if (fragment !== undefined) {
    return `has a fragment (from its first # on), of which nothing is understood: remove it; ${encoded}`
  }
  const [server = '', login, ...more] = authority.split('@').toReversed()
  if (more.length > 0) return `has more than one @ in front of its host: ${encoded}`
  const account = login === undefined ? {} : parseLogin(login)
  if (typeof account === 'string') return account
  const address = parseServer(server)
  if (typeof address === 'string') return address
  const db = database === undefined ? 0 : parseNumber(database, 2 ** 31 - 1)
  if (db === undefined) {
    return `has a database (behind the / after its host) that is not a whole number without leading zeros: write /0, or remove the /; ${encoded}`
  }
  return { text, ...address, db, tls: scheme === 'rediss', ...account }
}

/** The reason why a process cannot start when its server does not have its database. */
export function noDatabase({ db }: Pick<RedisUrl, 'db'>): string {
  return `REDIS_URL names database ${db}, which this Redis does not have: use a smaller number, or raise \`databases\` of the server`
}

const encoded = 'in a password, write @ as %40, / as %2F, ? as %3F, # as %23 and % as %25'

function split(text: string): Record<string, string | undefined> | undefined {
  const form =
    /^(?<scheme>rediss?):\/\/(?<authority>[^/?#]*)(?:\/(?<database>[^?#]*))?(?:\?(?<query>[^#]*))?(?:#(?<fragment>.*))?$/s
  return form.exec(text)?.groups
}

/** `user:password`, or `:password` for the default user. */
function parseLogin(login: string): { username?: string; password: string } | string {
  const colon = login.indexOf(':')
  if (colon === -1) {
    return 'has a user without a password in front of its @: write user:password@, or :password@ for the default user'
  }
  const [user, password] = [login.slice(0, colon), login.slice(colon + 1)]
  if (password === '') return 'has an empty password in front of its @: fill it in, or remove it'
  const decoded = { user: decode(user), password: decode(password) }
  if (decoded.user === undefined) return `has a user that is not encoded correctly: ${encoded}`
  if (decoded.password === undefined) {
    return `has a password that is not encoded correctly: ${encoded}`
  }
  return {
    ...(decoded.user !== '' && { username: decoded.user }),
    password: decoded.password,
  }
}

/** Decodes visible ASCII with percent-encoded UTF-8; undefined for any other text. */
function decode(text: string): string | undefined {
  if (!/^[\x21-\x7e]*$/.test(text)) return undefined
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

function parseServer(server: string): { host: string; port: number } | string {
  const parts = /^(?:\[(?<ipv6>[^\]]*)\]|(?<name>[^:[\]]*))(?::(?<port>.*))?$/s.exec(server)?.groups
  if (parts === undefined) {
    return 'has a host and port that are not understood: write host:port, an IPv6 address in brackets'
  }
  const { ipv6, name = '', port = '6379' } = parts
  if (ipv6 === undefined && name === '') return 'has no host'
  if (ipv6 === undefined ? !isHost(name) : !isIPv6(ipv6) || ipv6.includes('%')) {
    return 'has a host that is no name, no IPv4 address, and no IPv6 address in brackets'
  }
  const number = parseNumber(port, 65_535)
  if (number === undefined || number === 0) {
    return 'has a port that is not a whole number from 1 to 65535'
  }
  return { host: ipv6 ?? name, port: number }
}

/** A host name or an IPv4 address. A name that ends in a number is an address. */
function isHost(text: string): boolean {
  const labels = text.replace(/\.$/, '').split('.')
  if (/^(?:\d+|0x[0-9a-f]*)$/i.test(labels.at(-1) ?? '')) return isIPv4(text)
  return text.length <= 254 && labels.every((label) => /^\w(?:[\w-]{0,61}\w)?$/.test(label))
}

function parseNumber(text: string, most: number): number | undefined {
  const value = /^(?:0|[1-9]\d{0,9})$/.test(text) ? Number(text) : Number.NaN
  return value <= most ? value : undefined
}
