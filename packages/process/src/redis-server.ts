import { X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import type { Config } from './config.ts'
import { exitWithReason } from './give-up.ts'
import type { Place } from './redis-url.ts'
import { variables } from './variables.ts'

/** The environment variables that say how a process reaches Redis. */
export const redisVariables = {
  REDIS_URL: variables.REDIS_URL,
  REDIS_TLS_CA: variables.REDIS_TLS_CA,
  REDIS_TLS_CERT: variables.REDIS_TLS_CERT,
  REDIS_TLS_KEY: variables.REDIS_TLS_KEY,
  REDIS_TLS_SERVER_NAME: variables.REDIS_TLS_SERVER_NAME,
  REDIS_SENTINEL_USERNAME: variables.REDIS_SENTINEL_USERNAME,
  REDIS_SENTINEL_PASSWORD: variables.REDIS_SENTINEL_PASSWORD,
}

type RedisConfig = Config<typeof redisVariables>

/** Redis with all that a connection to it needs. */
export type RedisServer = Place & {
  db: number
  username?: string
  password?: string
  tls: false | { ca?: string; cert?: string; key?: string; servername?: string }
  sentinelAccount?: { username?: string; password: string }
}

/** Redis as the variables describe it. Exits with one line if they do not fit together. */
export function redisServer(config: RedisConfig): RedisServer {
  const server = parseRedisServer(config)
  return typeof server === 'string' ? exitWithReason(server) : server
}

/** Redis as the variables describe it, or the reason why they do not fit together. */
export function parseRedisServer(config: RedisConfig): RedisServer | string {
  const { text: _, tls, ...url } = config.REDIS_URL
  const certificates = {
    ...(config.REDIS_TLS_CA !== undefined && { ca: config.REDIS_TLS_CA }),
    ...(config.REDIS_TLS_CERT !== undefined && { cert: config.REDIS_TLS_CERT }),
    ...(config.REDIS_TLS_KEY !== undefined && { key: config.REDIS_TLS_KEY }),
    ...(config.REDIS_TLS_SERVER_NAME !== undefined && { servername: config.REDIS_TLS_SERVER_NAME }),
  }
  const problem = problemOfTls(config) ?? problemOfSentinel(config)
  if (problem !== undefined) return problem
  const { REDIS_SENTINEL_USERNAME: username, REDIS_SENTINEL_PASSWORD: password } = config
  return {
    ...url,
    tls: tls && certificates,
    ...(password !== undefined && {
      sentinelAccount: { password, ...(username !== undefined && { username }) },
    }),
  }
}

function problemOfTls(config: RedisConfig): string | undefined {
  const names = [
    'REDIS_TLS_CA',
    'REDIS_TLS_CERT',
    'REDIS_TLS_KEY',
    'REDIS_TLS_SERVER_NAME',
  ] as const
  const set = names.find((name) => config[name] !== undefined)
  if (set === undefined) return undefined
  if (!config.REDIS_URL.tls) {
    return `${set} is set, and REDIS_URL does not use TLS: begin it with rediss, or remove ${set}`
  }
  const { REDIS_TLS_CERT: cert, REDIS_TLS_KEY: key } = config
  if (cert !== undefined && key === undefined) {
    return 'REDIS_TLS_KEY is not set; it must be the path of the key of REDIS_TLS_CERT'
  }
  if (key !== undefined && cert === undefined) {
    return 'REDIS_TLS_CERT is not set; it must be the path of the certificate of REDIS_TLS_KEY'
  }
  if (!areCertificates(config.REDIS_TLS_CA)) {
    return 'REDIS_TLS_CA must be the path of a file with certificates in PEM, but one of them is not valid'
  }
  if (!areCertificates(cert)) {
    return 'REDIS_TLS_CERT must be the path of a file with a certificate in PEM, but its certificate is not valid'
  }
  return cert === undefined || areOfOnePair(cert, key)
    ? undefined
    : 'REDIS_TLS_KEY must be the path of a file with the key of REDIS_TLS_CERT, without a passphrase, but it is not'
}

function areCertificates(pem = ''): boolean {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? []
  return blocks.every((block) => succeeds(() => new X509Certificate(block)))
}

function areOfOnePair(cert: string, key: string | undefined): boolean {
  return succeeds(() => createSecureContext({ cert, key }))
}

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt()
    return true
  } catch {
    return false
  }
}

function problemOfSentinel(config: RedisConfig): string | undefined {
  const { REDIS_SENTINEL_USERNAME: username, REDIS_SENTINEL_PASSWORD: password } = config
  const set = password === undefined ? 'REDIS_SENTINEL_USERNAME' : 'REDIS_SENTINEL_PASSWORD'
  if (username === undefined && password === undefined) return undefined
  if (!('sentinels' in config.REDIS_URL)) {
    return `${set} is set, and REDIS_URL names no sentinels: begin it with redis+sentinel, or remove ${set}`
  }
  return password === undefined
    ? 'REDIS_SENTINEL_PASSWORD is not set; it must be the password of REDIS_SENTINEL_USERNAME'
    : undefined
}
