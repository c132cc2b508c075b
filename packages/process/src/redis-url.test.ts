import { expect, test } from 'vitest'
import { parseConfig } from './config.ts'
import { parseRedisUrl, type RedisUrl } from './redis-url.ts'
import { variables } from './variables.ts'

const plain = { host: '127.0.0.1', port: 6379, db: 0, tls: false }

const right: [string, Omit<RedisUrl, 'text'>][] = [
  ['redis://127.0.0.1:6379', plain],
  ['redis://127.0.0.1', plain],
  ['redis://127.0.0.1:6379/0', plain],
  ['redis://127.0.0.1/15', { ...plain, db: 15 }],
  ['redis://cache_1.example.internal.:1', { ...plain, host: 'cache_1.example.internal.', port: 1 }],
  ['rediss://redis.example', { ...plain, host: 'redis.example', tls: true }],
  ['redis://[::1]', { ...plain, host: '::1' }],
  ['redis://[fd00::2]:7000/3', { host: 'fd00::2', port: 7_000, db: 3, tls: false }],
  ['redis://:pass@127.0.0.1', { ...plain, password: 'pass' }],
  ['redis://me:pass@127.0.0.1', { ...plain, username: 'me', password: 'pass' }],
  ['redis://m%40e:a%2Fb%3f%25:c@127.0.0.1', { ...plain, username: 'm@e', password: 'a/b?%:c' }],
  ['redis://:%C3%A9{}|^"@127.0.0.1', { ...plain, password: 'é{}|^"' }],
]

test.each(right)('%s is understood', (text, url) => {
  expect(parseRedisUrl(text)).toEqual({ text, ...url })
})

const wrong: [string, string][] = [
  ['127.0.0.1:6379', 'does not begin with'],
  ['REDIS://127.0.0.1', 'does not begin with'],
  ['http://127.0.0.1', 'does not begin with'],
  ['unix:///run/redis.sock', 'does not begin with'],
  ['redis:127.0.0.1', 'does not begin with'],
  ['redis://', 'has no host'],
  ['redis:///0', 'has no host'],
  ['redis://:6379', 'has no host'],
  ['redis://:pass@', 'has no host'],
  ['redis://:pass@:6379/1', 'has no host'],
  ['redis://two words', 'has a host that'],
  ['redis://h%6fst', 'has a host that'],
  ['redis://-host', 'has a host that'],
  ['redis://a..b', 'has a host that'],
  ['redis://höst', 'has a host that'],
  ['redis://10.1', 'has a host that'],
  ['redis://127.0.0.0x1', 'has a host that'],
  ['redis://256.0.0.1', 'has a host that'],
  ['redis://[::g]', 'has a host that'],
  ['redis://[]', 'has a host that'],
  ['redis://[127.0.0.1]', 'has a host that'],
  ['redis://[fe80::1%25eth0]', 'has a host that'],
  ['redis://::1', 'has no host'],
  ['redis://fd00::2', 'has a port that'],
  ['redis://[::1', 'has a host and port'],
  ['redis://[::1]x', 'has a host and port'],
  ['redis://a,b', 'has a host that'],
  ['redis://a:1,b:2', 'has a port that'],
  ['redis://host:', 'has a port that'],
  ['redis://host:0', 'has a port that'],
  ['redis://host:06379', 'has a port that'],
  ['redis://host:65536', 'has a port that'],
  ['redis://host:6379x', 'has a port that'],
  ['redis://host:63 79', 'has a port that'],
  ['redis://host/', 'has a database'],
  ['redis://host/1x', 'has a database'],
  ['redis://host/01', 'has a database'],
  ['redis://host/-1', 'has a database'],
  ['redis://host/1/', 'has a database'],
  ['redis://host/0/1', 'has a database'],
  ['redis://host/%31', 'has a database'],
  ['redis://host/99999999999', 'has a database'],
  ['redis://host/name', 'has a database'],
  ['redis://host?', 'has a query'],
  ['redis://host/0?keyPrefix=foo:', 'has a query'],
  ['redis://host?family=6', 'has a query'],
  ['redis://host/0#', 'has a fragment'],
  ['redis://@host', 'has a user without a password'],
  ['redis://me@host', 'has a user without a password'],
  ['redis://me:@host', 'has an empty password'],
  ['redis://:@host', 'has an empty password'],
  ['redis://:a@b@host', 'has more than one @'],
  ['redis://:a/b@host', 'has a user without a password|has no host|has a port that'],
  ['redis://:100%@host', 'has a password that is not encoded'],
  ['redis://:%ff@host', 'has a password that is not encoded'],
  ['redis://%zz:pass@host', 'has a user that is not encoded'],
  ['redis://:a b@host', 'has a password that is not encoded'],
  ['redis://:é@host', 'has a password that is not encoded'],
  ['redis://host\n/1', 'has a host that'],
]

test.each(wrong)('%j is refused, and the part is named', (text, problem) => {
  expect(parseRedisUrl(text)).toEqual(expect.stringMatching(`^(?:${problem})`))
})

test('no text of a refused URL is repeated, whatever part a password extends into', () => {
  const secret = 'hunter2'
  const places = [
    'redis://hunter2@host',
    'redis://:hunter2%@host',
    'redis://:a@hunter2@host',
    'redis://:1/hunter2@host',
    'redis://:1?hunter2@host',
    'redis://user:1?hunter2@host',
    'redis://user:1/hunter2@host',
    'redis://user:1#hunter2@host',
    'redis://user:hunter2',
    'redis://hunter2:',
    'redis://:hunter2@',
    'redis://:hunter2@[host',
    'hunter2',
    'redis://host?password=hunter2',
  ]
  for (const text of places) {
    const { REDIS_URL } = variables
    const parsed = parseConfig({ REDIS_URL: text }, { REDIS_URL })
    expect(parsed).toEqual({ ok: false, problems: [expect.stringMatching(/^REDIS_URL must be /)] })
    expect(JSON.stringify(parsed)).not.toContain(secret)
  }
})
