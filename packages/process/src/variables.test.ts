import { expect, test } from 'vitest'
import { parseConfig } from './config.ts'
import { variables } from './variables.ts'

type Name = keyof typeof variables

const secretKey = Buffer.alloc(32, 7)

const right: [Name, string | undefined, unknown][] = [
  ['HOST', undefined, '127.0.0.1'],
  ['HOST', '0.0.0.0', '0.0.0.0'],
  ['PORT', '0', 0],
  ['PORT', ' 8080 ', 8080],
  ['WORKER_PORT', undefined, 3001],
  ['TRUST_PROXY', undefined, false],
  ['TRUST_PROXY', 'off', false],
  ['TRUST_PROXY', '0', false],
  ['TRUST_PROXY', '2', 2],
  ['TRUST_PROXY', 'loopback, 10.0.0.0/8,fd00::/8', ['loopback', '10.0.0.0/8', 'fd00::/8']],
  ['LOG_LEVEL', 'debug', 'debug'],
  ['LONGHAUL_NAMESPACE', undefined, 'lh'],
  ['LONGHAUL_NAMESPACE', 'team-a_2', 'team-a_2'],
  ['LONGHAUL_UNSAFE_REDIS', undefined, false],
  ['LONGHAUL_UNSAFE_REDIS', '1', true],
  ['LONGHAUL_MAX_CONNECTIONS', undefined, 10_000],
  ['LONGHAUL_SHARDS', undefined, undefined],
  ['LONGHAUL_SHARDS', '32', 32],
  ['LONGHAUL_LIMITS', undefined, {}],
  ['LONGHAUL_LIMITS', '{}', {}],
  [
    'LONGHAUL_LIMITS',
    '{"running_per_fairness_key":5,"models":{"openai/*":{"requests_per_minute":60}}}',
    { runningPerFairnessKey: 5, models: { 'openai/*': { requestsPerMinute: 60 } } },
  ],
  [
    'LONGHAUL_API_KEYS',
    'acme:key-number-one-00, acme:key-number-two-00,other:key:with:colons:in',
    [
      { workspace: 'acme', key: 'key-number-one-00' },
      { workspace: 'acme', key: 'key-number-two-00' },
      { workspace: 'other', key: 'key:with:colons:in' },
    ],
  ],
  ['LONGHAUL_OPERATOR_KEY', undefined, undefined],
  ['LONGHAUL_OPERATOR_KEY', 'sixteen-of-them!', 'sixteen-of-them!'],
  ['LONGHAUL_SECRET_KEY', undefined, undefined],
  ['LONGHAUL_SECRET_KEY', secretKey.toString('base64'), secretKey],
  ['LONGHAUL_CORS_ORIGINS', undefined, []],
  ['LONGHAUL_CORS_ORIGINS', '*', ['*']],
  [
    'LONGHAUL_CORS_ORIGINS',
    'https://app.example.com, http://localhost:5173',
    ['https://app.example.com', 'http://localhost:5173'],
  ],
  ['LONGHAUL_EGRESS_ALLOW', undefined, []],
  [
    'LONGHAUL_EGRESS_ALLOW',
    'tools.internal, *.corp.example,10.1.0.0/16,127.0.0.1,fd00::/8,localhost',
    ['tools.internal', '*.corp.example', '10.1.0.0/16', '127.0.0.1', 'fd00::/8', 'localhost'],
  ],
  ['LONGHAUL_CODE_MEMORY', undefined, 2_048],
  ['LONGHAUL_CONCURRENCY', undefined, 100],
  ['LONGHAUL_LOCK_MS', undefined, 10_000],
  ['LONGHAUL_DRAIN_MS', '0', 0],
  ['LONGHAUL_SYNC_WAIT', undefined, 280_000],
  ['LONGHAUL_SYNC_WAIT', '500ms', 500],
  ['LONGHAUL_SYNC_WAIT', '1.5m', 90_000],
  ['LONGHAUL_SYNC_WAIT', '24h', 86_400_000],
  ['LONGHAUL_MODEL_PATIENCE', undefined, 600_000],
  ['LONGHAUL_MODEL_PATIENCE', '0s', 0],
  ['LONGHAUL_MODEL_LIMITS', undefined, {}],
  [
    'LONGHAUL_MODEL_LIMITS',
    '{"openai/*":{"requests_per_minute":500,"tokens_per_minute":400000},"*":{"requests_per_minute":1}}',
    {
      'openai/*': { requestsPerMinute: 500, tokensPerMinute: 400_000 },
      '*': { requestsPerMinute: 1 },
    },
  ],
  ['LONGHAUL_TURN_DEADLINE', undefined, 86_400_000],
  ['LONGHAUL_TURN_DEADLINE', '7d', 604_800_000],
  ['LONGHAUL_TASK_RETENTION', undefined, 2_592_000_000],
  ['LONGHAUL_TASK_RETENTION', '1d', 86_400_000],
  ['OPENAI_BASE_URL', 'http://127.0.0.1:8000/v1', 'http://127.0.0.1:8000/v1'],
  ['LONGHAUL_PROVIDERS', undefined, {}],
  [
    'LONGHAUL_PROVIDERS',
    '{"local":{"base_url":"http://gpu:8000/v1"},"far":{"base_url":"https://far/v1","api_key":"k"}}',
    {
      local: { baseUrl: 'http://gpu:8000/v1' },
      far: { baseUrl: 'https://far/v1', apiKey: 'k' },
    },
  ],
  [
    'LONGHAUL_PROVIDERS',
    '{"kimi":{"base_url":"https://far/v1","return_reasoning":"reasoning_content"}}',
    { kimi: { baseUrl: 'https://far/v1', returnReasoning: 'reasoning_content' } },
  ],
]

test.each(right)('%s=%s is understood', (name, text, value) => {
  expect(parse(name, text)).toEqual({ ok: true, config: { [name]: value } })
})

const wrong: [Name, string | undefined][] = [
  ['HOST', 'two words'],
  ['PORT', '-1'],
  ['PORT', '65536'],
  ['PORT', '3000.5'],
  ['PORT', '0x50'],
  ['TRUST_PROXY', 'on'],
  ['TRUST_PROXY', 'true'],
  ['TRUST_PROXY', '10.0.0.0/33'],
  ['TRUST_PROXY', '10.0.0.0/8/8'],
  ['TRUST_PROXY', 'proxy.example'],
  ['TRUST_PROXY', 'loopback,'],
  ['LOG_LEVEL', 'INFO'],
  ['REDIS_URL', undefined],
  ['REDIS_URL', '127.0.0.1:6379'],
  ['REDIS_URL', 'http://127.0.0.1:6379'],
  ['REDIS_URL', 'redis://'],
  ['LONGHAUL_NAMESPACE', 'Lh'],
  ['LONGHAUL_NAMESPACE', 'a:b'],
  ['LONGHAUL_NAMESPACE', '{a}'],
  ['LONGHAUL_NAMESPACE', '1a'],
  ['LONGHAUL_NAMESPACE', 'a'.repeat(33)],
  ['LONGHAUL_UNSAFE_REDIS', 'true'],
  ['LONGHAUL_SHARDS', '0'],
  ['LONGHAUL_SHARDS', '33'],
  ['LONGHAUL_API_KEYS', undefined],
  ['LONGHAUL_API_KEYS', 'just-a-key'],
  ['LONGHAUL_API_KEYS', 'acme:'],
  ['LONGHAUL_API_KEYS', 'acme:only-15-of-them'],
  ['LONGHAUL_API_KEYS', 'acme:long-enough-to-be-a-key,'],
  ['LONGHAUL_API_KEYS', 'ac}me:long-enough-to-be-a-key'],
  ['LONGHAUL_API_KEYS', `acme:${'x'.repeat(257)}`],
  ['LONGHAUL_API_KEYS', 'acme:the-very-same-key,other:the-very-same-key'],
  ['LONGHAUL_OPERATOR_KEY', 'only-15-of-them'],
  ['LONGHAUL_OPERATOR_KEY', 'long enough but two words'],
  ['LONGHAUL_SECRET_KEY', 'short'],
  ['LONGHAUL_SECRET_KEY', Buffer.alloc(31).toString('base64')],
  ['LONGHAUL_CORS_ORIGINS', 'app.example.com'],
  ['LONGHAUL_CORS_ORIGINS', 'https://app.example.com/'],
  ['LONGHAUL_CORS_ORIGINS', 'https://app.example.com/path'],
  ['LONGHAUL_CORS_ORIGINS', 'https://App.example.com'],
  ['LONGHAUL_CORS_ORIGINS', 'https://*.example.com/'],
  ['LONGHAUL_CORS_ORIGINS', 'https://app.example.com,*'],
  ['LONGHAUL_CORS_ORIGINS', 'ftp://app.example.com'],
  ['LONGHAUL_CORS_ORIGINS', 'null'],
  ['LONGHAUL_EGRESS_ALLOW', '*'],
  ['LONGHAUL_EGRESS_ALLOW', 'tools.internal,'],
  ['LONGHAUL_EGRESS_ALLOW', 'tools.internal:8080'],
  ['LONGHAUL_EGRESS_ALLOW', 'http://tools.internal'],
  ['LONGHAUL_EGRESS_ALLOW', '10.1'],
  ['LONGHAUL_EGRESS_ALLOW', '127.0.0.0x1'],
  ['LONGHAUL_EGRESS_ALLOW', '10.1.0.0/33'],
  ['LONGHAUL_EGRESS_ALLOW', '10.1.0.0/0008'],
  ['LONGHAUL_EGRESS_ALLOW', '[::1]'],
  ['LONGHAUL_EGRESS_ALLOW', 'two words'],
  ['LONGHAUL_CONCURRENCY', '0'],
  ['LONGHAUL_CONCURRENCY', '10001'],
  ['LONGHAUL_LOCK_MS', '10s'],
  ['LONGHAUL_LOCK_MS', '999'],
  ['LONGHAUL_DRAIN_MS', '-1'],
  ['LONGHAUL_SYNC_WAIT', '280'],
  ['LONGHAUL_SYNC_WAIT', '0s'],
  ['LONGHAUL_SYNC_WAIT', '2 weeks'],
  ['LONGHAUL_SYNC_WAIT', '2d'],
  ['LONGHAUL_MODEL_PATIENCE', '600'],
  ['LONGHAUL_TURN_DEADLINE', '0s'],
  ['LONGHAUL_TASK_RETENTION', '23h'],
  ['OPENAI_API_KEY', 'two words'],
  ['OPENAI_BASE_URL', 'localhost:8000'],
  ['LONGHAUL_MODEL_LIMITS', 'not json'],
  ['LONGHAUL_MODEL_LIMITS', '{"openai *":{"requests_per_minute":5}}'],
  ['LONGHAUL_MODEL_LIMITS', '{"openai/*":{"requests_per_minute":0}}'],
  ['LONGHAUL_MODEL_LIMITS', '{"openai/*":{"requests":5}}'],
  ['LONGHAUL_PROVIDERS', 'not json'],
  ['LONGHAUL_PROVIDERS', '[]'],
  ['LONGHAUL_PROVIDERS', '{"a":{}}'],
  ['LONGHAUL_PROVIDERS', '{"a":{"base_url":"ftp://a"}}'],
  ['LONGHAUL_PROVIDERS', '{"a":{"base_url":"http://a","key":"k"}}'],
  ['LONGHAUL_PROVIDERS', '{"a":{"base_url":"http://a","return_reasoning":"thoughts"}}'],
  ['LONGHAUL_PROVIDERS', '{"a/b":{"base_url":"http://a"}}'],
  ['LONGHAUL_PROVIDERS', '{"openai":{"base_url":"http://a"}}'],
  ['LONGHAUL_PROVIDERS', '{"google":{"base_url":"http://a"}}'],
]

test.each(wrong)('%s=%s is refused in one line that names it', (name, text) => {
  const parsed = parse(name, text)
  expect(parsed).toEqual({ ok: false, problems: [expect.stringMatching(`^${name} .*must be .+$`)] })
})

test.each([
  [
    'good:long-enough-to-be-a-key,acme:short-hunter2',
    'the key of pair 2 has fewer than 16 characters',
  ],
  ['good:long-enough-to-be-a-key,two words:long-enough-hunter2', 'the workspace of pair 2 is not'],
  ['good:long-enough-hunter2,acme:long-enough-hunter2', 'pair 2 has the key of pair 1'],
  ['good:long-enough hunter2', 'the key of pair 1 has characters that are not visible ASCII'],
])('of %s it is said which key is wrong and why, without the key', (text, problem) => {
  const parsed = JSON.stringify(parse('LONGHAUL_API_KEYS', text))
  expect(parsed).toContain(problem)
  expect(parsed).not.toContain('hunter2')
})

test('a text that may contain a password is never repeated', () => {
  const softDeleted: [Name, string][] = [
    ['REDIS_URL', 'http://:hunter2@redis'],
    ['LONGHAUL_API_KEYS', 'hunter2'],
    ['LONGHAUL_SECRET_KEY', 'hunter2'],
    ['OPENAI_API_KEY', 'hunter2 hunter2'],
    ['OPENAI_BASE_URL', 'ftp://me:hunter2@models'],
    ['ANTHROPIC_API_KEY', 'hunter2 hunter2'],
    ['GOOGLE_API_KEY', 'hunter2 hunter2'],
    ['LONGHAUL_PROVIDERS', '{"a":{"api_key":"hunter2"}}'],
  ]
  for (const [name, text] of softDeleted) {
    expect(JSON.stringify(parse(name, text))).not.toContain('hunter2')
  }
})

function parse(name: Name, text: string | undefined) {
  return parseConfig({ [name]: text }, { [name]: variables[name] })
}
