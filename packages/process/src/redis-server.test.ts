import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parseConfig } from './config.ts'
import { parseRedisServer, redisVariables } from './redis-server.ts'

const [authority, client, clientKey, serverKey] = [
  pemOf('authority'),
  pemOf('client'),
  pemOf('client-key'),
  pemOf('server-key'),
]

test('certificates are read from their files', () => {
  const server = parse({
    REDIS_URL: 'rediss://a.example',
    REDIS_TLS_CA: authority,
    REDIS_TLS_CERT: client,
    REDIS_TLS_KEY: clientKey,
    REDIS_TLS_SERVER_NAME: 'redis.example',
  })
  expect(server).toEqual({
    host: 'a.example',
    port: 6_379,
    db: 0,
    tls: {
      ca: expect.stringContaining('BEGIN CERTIFICATE') as string,
      cert: expect.stringContaining('BEGIN CERTIFICATE') as string,
      key: expect.stringContaining('PRIVATE KEY') as string,
      servername: 'redis.example',
    },
  })
})

test('sentinels may have credentials of their own', () => {
  const server = parse({
    REDIS_URL: 'redis+sentinel://:pass@a.example/main',
    REDIS_SENTINEL_USERNAME: 'watcher',
    REDIS_SENTINEL_PASSWORD: 'other',
  })
  expect(server).toMatchObject({
    password: 'pass',
    sentinelAccount: { username: 'watcher', password: 'other' },
  })
})

const folder = mkdtempSync(join(tmpdir(), 'longhaul-pem-'))
const broken = join(folder, 'broken.pem')
writeFileSync(broken, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')
const tls = { REDIS_URL: 'rediss://a.example' }
const sentinel = { REDIS_URL: 'redis+sentinel://a.example/main' }

test.each<[Record<string, string>, RegExp]>([
  [{ ...tls, REDIS_TLS_CA: join(folder, 'none') }, /^REDIS_TLS_CA must be .* read \(ENOENT\)$/],
  [{ ...tls, REDIS_TLS_CA: folder }, /^REDIS_TLS_CA must be .* read \(EISDIR\)$/],
  [{ ...tls, REDIS_TLS_CA: clientKey }, /^REDIS_TLS_CA must be .* but it has none$/],
  [{ ...tls, REDIS_TLS_CA: broken }, /^REDIS_TLS_CA must be .* not? .*valid/],
  [{ ...tls, REDIS_TLS_CERT: broken, REDIS_TLS_KEY: clientKey }, /^REDIS_TLS_CERT must be /],
  [
    { ...tls, REDIS_TLS_CERT: client, REDIS_TLS_KEY: client },
    /^REDIS_TLS_KEY must be .* has none$/,
  ],
  [{ ...tls, REDIS_TLS_CERT: client, REDIS_TLS_KEY: serverKey }, /^REDIS_TLS_KEY must be /],
  [{ ...tls, REDIS_TLS_CERT: client }, /^REDIS_TLS_KEY is not set/],
  [{ ...tls, REDIS_TLS_KEY: clientKey }, /^REDIS_TLS_CERT is not set/],
  [{ ...tls, REDIS_TLS_SERVER_NAME: 'two words' }, /^REDIS_TLS_SERVER_NAME must be /],
  [{ REDIS_URL: 'redis://a.example', REDIS_TLS_CA: authority }, /^REDIS_TLS_CA is set, and /],
  [{ REDIS_URL: 'unix:///a', REDIS_TLS_SERVER_NAME: 'a' }, /^REDIS_TLS_SERVER_NAME is set, and /],
  [{ ...sentinel, REDIS_SENTINEL_USERNAME: 'me' }, /^REDIS_SENTINEL_PASSWORD is not set/],
  [{ ...tls, REDIS_SENTINEL_PASSWORD: 'pass' }, /^REDIS_SENTINEL_PASSWORD is set, and /],
  [{ ...tls, REDIS_SENTINEL_USERNAME: 'me' }, /^REDIS_SENTINEL_USERNAME is set, and /],
])('%j is refused in one line that names the variable', (env, problem) => {
  expect(parse(env)).toMatch(problem)
})

function parse(env: Record<string, string>): unknown {
  const parsed = parseConfig(env, redisVariables)
  return parsed.ok ? parseRedisServer(parsed.config) : parsed.problems.join('\n')
}

function pemOf(name: string): string {
  const path = `../../testbed/src/redis/certificates/${name}.pem`
  return fileURLToPath(new URL(path, import.meta.url))
}
