import { clientCertificates, startRedis, startTlsRedis } from '@longhaul/testbed'
import type { Redis } from 'ioredis'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { connect, type RedisServer } from './connect.ts'

test('a connection over TLS trusts an own authority and shows its certificate', async () => {
  const port = await startTls()
  const tls = clientCertificates()
  expect(await ping({ host: '127.0.0.1', port, db: 3, tls })).toBe('PONG db=3')
  expect(
    await ping({ host: '127.0.0.1', port, db: 0, tls: { cert: tls.cert, key: tls.key } }),
  ).toMatch(/certificate/)
  expect(await ping({ host: '127.0.0.1', port, db: 0, tls: { ca: tls.ca } })).toMatch(
    /alert|reset|closed/i,
  )
})

test('the certificate of a server is valid for the name that is expected', async () => {
  const port = await startTls()
  const tls = clientCertificates()
  const at = (servername: string): RedisServer => ({
    host: '127.0.0.1',
    port,
    db: 0,
    tls: { ...tls, servername },
  })
  expect(await ping(at('redis.example'))).toBe('PONG db=0')
  expect(await ping(at('other.example'))).toMatch(/does not match/)
})

test('a socket of this machine is reached, and IPv6', async () => {
  const path = join(tmpdir(), `longhaul-${randomUUID()}.sock`)
  const { port } = await start(['--unixsocket', path, '--bind', '127.0.0.1', '::1'])
  expect(await ping({ path, db: 2, tls: false })).toBe('PONG db=2')
  expect(await ping({ host: '::1', port, db: 0, tls: false })).toBe('PONG db=0')
})

test('a user with the rights of the documentation runs every command of a connection', async () => {
  const rights = ['on', '>pass word', '~{lh:*', '&*', '+@all', '-@admin', '-@dangerous', '+info']
  const { port } = await start(['--user', 'longhaul', ...rights])
  const server = { host: '127.0.0.1', port, db: 0, tls: false } as const
  expect(await ping({ ...server, username: 'longhaul', password: 'pass word' })).toBe('PONG db=0')
  expect(await ping({ ...server, username: 'longhaul', password: 'wrong' })).toMatch(/WRONGPASS/)
  expect(await ping({ ...server, username: 'other', password: 'pass word' })).toMatch(/WRONGPASS/)
})

async function start(flags: string[]) {
  const server = await startRedis({ flags })
  onTestFinished(() => server.stop())
  return server
}

async function startTls(): Promise<number> {
  const { server, tlsPort } = await startTlsRedis()
  onTestFinished(() => server.stop())
  return tlsPort
}

/** The reply of a server with the database of the connection, or the first error. */
async function ping(server: RedisServer): Promise<string> {
  const { promise: failed, resolve: fail } = Promise.withResolvers<string>()
  const redis = connect(server, { role: 'work', onError: (error) => fail(error.message) })
  try {
    return await Promise.race([
      redis.ping().then(async (pong) => {
        const [, db] = / (db=\d+) /.exec(String(await list(redis))) ?? []
        return `${pong} ${db}`
      }, String),
      failed,
    ])
  } finally {
    redis.disconnect()
  }
}

async function list(redis: Redis): Promise<unknown> {
  return await redis.call('CLIENT', 'INFO')
}
