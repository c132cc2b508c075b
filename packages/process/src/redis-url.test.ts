import { expect, test } from 'vitest'
import { parseConfig } from './config.ts'
import { parseRedisUrl } from './redis-url.ts'
import { variables } from './variables.ts'

const plain = { host: '127.0.0.1', port: 6379, db: 0, tls: false }

const [first, second] = [
  { host: 'a.example', port: 7_000 },
  { host: '::1', port: 7_001 },
]

const right: [string, object][] = [
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
  ['unix:///run/redis.sock', { path: '/run/redis.sock', db: 0, tls: false }],
  ['unix:///a%20b%3F?db=3', { path: '/a b?', db: 3, tls: false }],
  [
    'unix://me:p%40ss@/run/redis.sock',
    { path: '/run/redis.sock', db: 0, tls: false, username: 'me', password: 'p@ss' },
  ],
  ['redis+cluster://a.example:7000,[::1]:7001', { cluster: [first, second], db: 0, tls: false }],
  [
    'rediss+cluster://me:pass@10.0.0.1',
    {
      cluster: [{ host: '10.0.0.1', port: 6_379 }],
      db: 0,
      tls: true,
      username: 'me',
      password: 'pass',
    },
  ],
  [
    'redis+sentinel://a.example:7000,[::1]:7001/my.primary-1',
    { sentinels: [first, second], name: 'my.primary-1', db: 0, tls: false },
  ],
  [
    'rediss+sentinel://:pass@10.0.0.1/main/4',
    {
      sentinels: [{ host: '10.0.0.1', port: 26_379 }],
      name: 'main',
      db: 4,
      tls: true,
      password: 'pass',
    },
  ],
]

test.each(right)('%s is understood', (text, url) => {
  expect(parseRedisUrl(text)).toEqual({ text, ...url })
})

const wrong: [string, string][] = [
  ['127.0.0.1:6379', 'does not begin with'],
  ['REDIS://127.0.0.1', 'does not begin with'],
  ['http://127.0.0.1', 'does not begin with'],
  ['unix:/run/redis.sock', 'does not begin with'],
  ['unixs:///run/redis.sock', 'does not begin with'],
  ['redis+tls://host', 'does not begin with'],
  ['constructor://host', 'does not begin with'],
  ['unix://run/redis.sock', 'has a host, but'],
  ['unix://', 'has a path'],
  ['unix:///', 'has a path'],
  ['unix:///a b', 'has a path'],
  ['unix:///a%00b', 'has a path'],
  ['unix:///%zz', 'has a path'],
  [`unix:///${'a'.repeat(107)}`, 'has a path'],
  ['unix:///run/redis.sock?', 'has a query'],
  ['unix:///run/redis.sock?db=', 'has a query'],
  ['unix:///run/redis.sock?db=01', 'has a query'],
  ['unix:///run/redis.sock?db=1&db=2', 'has a query'],
  ['unix:///run/redis.sock?name=1', 'has a query'],
  ['unix:///run/redis.sock#', 'has a fragment'],
  ['unix://me@/run/redis.sock', 'has a user without a password'],
  ['redis+cluster://', 'has no host'],
  ['redis+cluster://a,', 'has no host'],
  ['redis+cluster://a,,b', 'has no host'],
  ['redis+cluster://a, b', 'has a host that'],
  ['redis+cluster://a:1,b:0', 'has a port that'],
  ['redis+cluster://a:1,a:1', 'names the same host'],
  ['redis+cluster://a,a:6379', 'names the same host'],
  ['redis+cluster://a/0', 'has a database'],
  ['redis+cluster://a/', 'has a database'],
  ['redis+cluster://a?readonly', 'has a query'],
  ['redis+cluster://x:y@a,x:y@b', 'has more than one @'],
  ['redis+sentinel://a', 'has no name'],
  ['redis+sentinel://a/', 'has no name'],
  ['redis+sentinel://a//1', 'has no name'],
  ['redis+sentinel://a/my primary', 'has no name'],
  ['redis+sentinel://a/main/', 'has a database'],
  ['redis+sentinel://a/main/x', 'has a database'],
  ['redis+sentinel://a/main?name=x', 'has a query'],
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
    'unix://:hunter2',
    'unix://hunter2/path',
    'unix:///path?password=hunter2',
    'redis+cluster://:1/hunter2@host',
    'redis+cluster://:hunter2,@host,',
    'redis+sentinel://host/ hunter2',
  ]
  for (const text of places) {
    const { REDIS_URL } = variables
    const parsed = parseConfig({ REDIS_URL: text }, { REDIS_URL })
    expect(parsed).toEqual({ ok: false, problems: [expect.stringMatching(/^REDIS_URL must be /)] })
    expect(JSON.stringify(parsed)).not.toContain(secret)
  }
})
