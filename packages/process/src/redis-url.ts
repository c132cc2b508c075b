import { isIPv4, isIPv6 } from 'node:net'

/** The host and the port of a server. */
export type Address = { host: string; port: number }

/**
 * Where Redis is: a server, the socket of one on this machine, nodes of a cluster, or sentinels, which know the primary
 * with this name.
 */
export type Place =
  | Address
  | { path: string }
  | { cluster: Address[] }
  | { sentinels: Address[]; name: string }

type Account = { username?: string; password?: string }

/** Redis with its credentials, from `REDIS_URL`. */
export type RedisUrl = Place &
  Account & {
    /** The original URL, for a child process. */
    text: string
    /** The number of the database. */
    db: number
    tls: boolean
  }

/** The forms of `REDIS_URL`, for messages. */
export const redisUrlForm =
  'redis://[user:password@]host[:port][/database], or rediss:// for TLS, such as redis://127.0.0.1:6379; ' +
  'unix://[user:password@]/path[?db=database]; redis+cluster://[user:password@]host[:port],host[:port]; ' +
  'redis+sentinel://[user:password@]host[:port],host[:port]/name[/database] (the last two also with rediss)'

/**
 * Parses `REDIS_URL` strictly: every part that is not understood is a problem, and no default replaces it. Returns the
 * URL, or the problem as text that completes the sentence "the URL …". The problem names the part and does not repeat
 * its text, because a password with a delimiter may extend into any part.
 */
export function parseRedisUrl(text: string): RedisUrl | string {
  const { scheme = '', authority = '', path, query, fragment } = split(text) ?? {}
  const form = forms.get(scheme)
  if (form === undefined) {
    return 'does not begin with redis://, rediss://, unix://, redis+cluster:// or redis+sentinel://'
  }
  const isSocket = form === parseSocket
  if (query !== undefined && !isSocket) {
    return `has a query (from its first ? on), of which nothing is understood: remove it (LONGHAUL_NAMESPACE replaces keyPrefix); ${encoded}`
  }
  if (fragment !== undefined) {
    return `has a fragment (from its first # on), of which nothing is understood: remove it; ${encoded}`
  }
  const [servers = '', login, ...more] = authority.split('@').toReversed()
  if (more.length > 0) return `has more than one @ in front of its host: ${encoded}`
  const account = login === undefined ? {} : parseLogin(login)
  if (typeof account === 'string') return account
  const place = form({ servers, path, query })
  if (typeof place === 'string') return place
  return { text, ...place, tls: scheme.startsWith('rediss'), ...account }
}

/** The reason why a process cannot start when its server does not have its database. */
export function noDatabase({ db }: Pick<RedisUrl, 'db'>): string {
  return `REDIS_URL names database ${db}, which this Redis does not have: use a smaller number, or raise \`databases\` of the server`
}

/** The reason why a process cannot start when the Redis of a cluster's URL is not in a cluster. */
export const noCluster =
  'REDIS_URL names a Redis Cluster, and this Redis is not in one: begin it with redis://, or rediss:// for TLS'

const encoded = 'in a password, write @ as %40, / as %2F, ? as %3F, # as %23 and % as %25'

function split(text: string): Record<string, string | undefined> | undefined {
  const form =
    /^(?<scheme>[a-z+]+):\/\/(?<authority>[^/?#]*)(?:\/(?<path>[^?#]*))?(?:\?(?<query>[^#]*))?(?:#(?<fragment>.*))?$/s
  return form.exec(text)?.groups
}

type Parts = { servers: string; path: string | undefined; query: string | undefined }
type Located = Place & { db: number }

/** By the scheme of the URL. */
const forms = new Map<string, (parts: Parts) => Located | string>([
  ['redis', parseSingle],
  ['rediss', parseSingle],
  ['unix', parseSocket],
  ['redis+cluster', parseCluster],
  ['rediss+cluster', parseCluster],
  ['redis+sentinel', parseSentinels],
  ['rediss+sentinel', parseSentinels],
])

function parseSingle({ servers, path }: Parts): Located | string {
  const address = parseServer(servers, 6_379)
  if (typeof address === 'string') return address
  const db = path === undefined ? 0 : parseDatabase(path)
  return db === undefined ? wrongDatabase : { ...address, db }
}

function parseSocket({ servers, path = '', query }: Parts): Located | string {
  if (servers !== '') {
    return 'has a host, but names a socket of this machine: write three slashes, unix:///path'
  }
  const file = decode(path)
  if (file === undefined) return `has a path that is not encoded correctly: ${encoded}`
  // Longer paths do not fit into the address of a socket.
  if (file === '' || file.includes('\0') || Buffer.byteLength(file) > 106) {
    return 'has a path that is not the absolute path of a socket, of at most 107 bytes'
  }
  const db = query === undefined ? 0 : parseDatabase(/^db=(.*)$/s.exec(query)?.[1] ?? '')
  if (db === undefined) {
    return `has a query (from its first ? on) that is not ?db= and a whole number without leading zeros; ${encoded}`
  }
  return { path: `/${file}`, db }
}

function parseCluster({ servers, path }: Parts): Located | string {
  const cluster = parseServers(servers, 6_379)
  if (typeof cluster === 'string') return cluster
  if (path !== undefined) {
    return `has a database (behind the / after its hosts), and a cluster has only database 0: remove the /; ${encoded}`
  }
  return { cluster, db: 0 }
}

function parseSentinels({ servers, path = '' }: Parts): Located | string {
  const sentinels = parseServers(servers, 26_379)
  if (typeof sentinels === 'string') return sentinels
  const { name, database } = /^(?<name>[\w.-]+)(?:\/(?<database>.*))?$/s.exec(path)?.groups ?? {}
  if (name === undefined) {
    return `has no name of a primary behind its sentinels (letters, digits, '.', '-' and '_'): write /name after the last host; ${encoded}`
  }
  const db = database === undefined ? 0 : parseDatabase(database)
  return db === undefined ? wrongDatabase : { sentinels, name, db }
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

/** Servers with commas between. */
function parseServers(text: string, usualPort: number): Address[] | string {
  const addresses: Address[] = []
  for (const one of text.split(',')) {
    const address = parseServer(one, usualPort)
    if (typeof address === 'string') return address
    const { host, port } = address
    if (addresses.some((other) => other.host === host && other.port === port)) {
      return 'names the same host and port twice'
    }
    addresses.push(address)
  }
  return addresses
}

function parseServer(server: string, usualPort: number): Address | string {
  const parts = /^(?:\[(?<ipv6>[^\]]*)\]|(?<name>[^:[\]]*))(?::(?<port>.*))?$/s.exec(server)?.groups
  if (parts === undefined) {
    return 'has a host and port that are not understood: write host:port, an IPv6 address in brackets'
  }
  const { ipv6, name = '', port = String(usualPort) } = parts
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

const wrongDatabase = `has a database (behind the last /) that is not a whole number without leading zeros: write /0, or remove the /; ${encoded}`

function parseDatabase(text: string): number | undefined {
  return parseNumber(text, 2 ** 31 - 1)
}

function parseNumber(text: string, most: number): number | undefined {
  const value = /^(?:0|[1-9]\d{0,9})$/.test(text) ? Number(text) : Number.NaN
  return value <= most ? value : undefined
}
