import {
  LimitsObject,
  limitsOf,
  parseHostRule,
  parseModelRates,
  parseNetwork,
  type WorkspaceLimits,
} from '@longhaul/core'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { parseRedisUrl, type RedisUrl, redisUrlForm } from './redis-url.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** The fields in which a server may want the reasoning of its model back. */
const returnReasoning = ['reasoning_content', 'reasoning', 'reasoning_details', 'none'] as const

/** An OpenAI-compatible model server of the operator. */
export type Provider = {
  baseUrl: string
  apiKey?: string
  returnReasoning?: (typeof returnReasoning)[number]
}

export type BootstrapKey = { workspace: string; key: string }

/** The proxies whose X-Forwarded headers Express trusts: none, a number of hops, or these addresses. */
export type TrustProxy = false | number | string[]

/** All environment variables: for each, its parser, its default, and the message when it is wrong. */
export const variables = {
  HOST: from('a host name or an IP address, such as 127.0.0.1', parseWord).default('127.0.0.1'),
  PORT: port().default(3000),
  WORKER_PORT: port().default(3001),
  TRUST_PROXY: from(
    'off, a number of proxies, or a list of their addresses such as 10.0.0.0/8,loopback',
    parseTrustProxy,
  ).default(false),
  LOG_LEVEL: choice(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),

  REDIS_URL: redisUrl(),
  /** The contents of the files. */
  REDIS_TLS_CA: pemFile('certificates', 'CERTIFICATE').optional(),
  REDIS_TLS_CERT: pemFile('a certificate', 'CERTIFICATE').optional(),
  REDIS_TLS_KEY: pemFile('a private key', '(?:[A-Z]+ )?PRIVATE KEY').optional(),
  REDIS_TLS_SERVER_NAME: from(
    'the name in the certificate of Redis, such as redis.example.com',
    (text) => (/^(?=.{1,253}$)\w[\w-]*(?:\.\w[\w-]*)*$/.test(text) ? text : undefined),
  ).optional(),
  REDIS_SENTINEL_USERNAME: secret(
    'the user of the sentinels, without spaces',
    parseWord,
  ).optional(),
  REDIS_SENTINEL_PASSWORD: secret(
    'the password of the sentinels, without spaces',
    parseWord,
  ).optional(),
  LONGHAUL_NAMESPACE: from(
    '1 to 32 of a-z, 0-9, - and _, with a letter first, such as staging',
    (text) => (/^[a-z][a-z0-9_-]{0,31}$/.test(text) ? text : undefined),
  ).default('lh'),
  LONGHAUL_UNSAFE_REDIS: choice(['0', '1']).default('0').transform(isOn),
  /** By default 1, or the number of primaries of a cluster. */
  LONGHAUL_SHARDS: whole(1, 32).optional(),

  LONGHAUL_API_KEYS: variable(
    'a list of workspace:key pairs with commas between, each key once and of 16 to 256 characters, ' +
      'such as acme:some-long-random-text',
    parseApiKeys,
    (text) => `, but ${problemOfApiKeys(text)}`,
  ),
  LONGHAUL_OPERATOR_KEY: secret(
    '16 to 256 visible ASCII characters; `openssl rand -hex 24` makes some',
    (text) => (/^[\x21-\x7e]{16,256}$/.test(text) ? text : undefined),
  ).optional(),
  LONGHAUL_SECRET_KEY: secret(
    '32 random bytes in base64; `openssl rand -base64 32` makes some',
    parseSecretKey,
  ).optional(),

  LONGHAUL_CORS_ORIGINS: from(
    '* or a list of origins with commas between, each a scheme, a host and perhaps a port, ' +
      'such as https://app.example.com,http://localhost:5173',
    parseOrigins,
  ).default([]),

  LONGHAUL_EGRESS_ALLOW: from(
    'a list of hosts, *.domains, IP addresses or networks with commas between, without ports, ' +
      'such as tools.internal,10.1.0.0/16',
    parseHostAllowList,
  ).default([]),

  LONGHAUL_PYTHON: from('the absolute path of a Python, such as /usr/bin/python3', (text) =>
    text.startsWith('/') ? text : undefined,
  ).optional(),
  /** Megabytes. */
  LONGHAUL_CODE_MEMORY: whole(64, 1_000_000).default(2_048),

  LONGHAUL_LIMITS: variable(
    'JSON like {"running":50,"queued":10000}, with the limits of each workspace that has no others',
    parseLimits,
    (text) => `, but ${problemOfLimits(text)}`,
  ).default({}),

  LONGHAUL_CONCURRENCY: whole(1, 10_000).default(100),
  LONGHAUL_MAX_CONNECTIONS: whole(100, 1_000_000).default(10_000),
  LONGHAUL_LOCK_MS: milliseconds(1_000, 10 * minute).default(10 * second),
  LONGHAUL_DRAIN_MS: milliseconds(0, hour).default(8 * second),
  LONGHAUL_SHED_AFTER: duration(second, 30 * day).default(10 * minute),
  LONGHAUL_SYNC_WAIT: duration(1, day).default(280 * second),
  LONGHAUL_MODEL_PATIENCE: duration(0, 7 * day).default(10 * minute),
  LONGHAUL_MODEL_LIMITS: from(
    'JSON like {"openai/*":{"requests_per_minute":500,"tokens_per_minute":400000}}: patterns of model ids, in which * ' +
      'stands for any text, and one or both of the two limits, whole numbers of at least 1',
    parseModelRates,
  ).default({}),
  LONGHAUL_TURN_DEADLINE: duration(1, 365 * day).default(day),
  LONGHAUL_PRIORITY_AGEING: duration(0, 7 * day).default(10 * minute),
  LONGHAUL_TASK_RETENTION: duration(day, 3_650 * day).default(30 * day),
  LONGHAUL_SEARCH: choice(['0', '1']).default('1').transform(isOn),

  OPENAI_API_KEY: secret('the key without spaces', parseWord).optional(),
  OPENAI_BASE_URL: httpUrl().optional(),
  ANTHROPIC_API_KEY: secret('the key without spaces', parseWord).optional(),
  ANTHROPIC_BASE_URL: httpUrl().optional(),
  GOOGLE_API_KEY: secret('the key without spaces', parseWord).optional(),
  GOOGLE_BASE_URL: httpUrl().optional(),
  LONGHAUL_PROVIDERS: secret(
    'JSON like {"name":{"base_url":"https://…","api_key":"…"}}, the api_key optional, optionally with ' +
      `"return_reasoning" (${returnReasoning.join(', ')}), ` +
      'names of a-z, 0-9, - and _, and not openai, anthropic or google (these have variables such as ' +
      'OPENAI_BASE_URL)',
    parseProviders,
  ).default({}),
} as const

/** A variable. `expected` completes the sentence "it must be …". */
function from<T>(expected: string, parse: (text: string) => T | undefined) {
  return variable(expected, parse, (text) => `, but is ${JSON.stringify(text.slice(0, 80))}`)
}

/** The same for a text that may contain a password: messages never repeat it. */
function secret<T>(expected: string, parse: (text: string) => T | undefined) {
  return variable(expected, parse, () => ', but is not')
}

function variable<T>(
  expected: string,
  parse: (text: string) => T | undefined,
  instead: (text: string) => string,
) {
  return z.string(`is not set; it must be ${expected}`).transform((text, context): T => {
    const value = parse(text)
    if (value !== undefined) return value
    context.addIssue({ code: 'custom', message: `must be ${expected}${instead(text)}` })
    return z.NEVER
  })
}

function choice<const T extends string>(words: readonly T[]) {
  return from(`one of ${words.join(', ')}`, (text) => words.find((each) => each === text))
}

function whole(least: number, most: number) {
  return from(`a whole number from ${least} to ${most}`, (text) => parseWhole(text, least, most))
}

/** 0 selects any free port. */
function port() {
  return from('a port, 0 to 65535', (text) => parseWhole(text, 0, 65_535))
}

function milliseconds(least: number, most: number) {
  return from(`a whole number of milliseconds from ${least} to ${most}, without a unit`, (text) =>
    parseWhole(text, least, most),
  )
}

function duration(least: number, most: number) {
  const floor = least < hour ? '' : `at least ${least / hour}h and `
  const expected = `a time with its unit (ms, s, m, h, d), such as 280s, of ${floor}at most ${most / hour}h`
  return from(expected, (text) => parseDuration(text, least, most))
}

function httpUrl() {
  return secret('an http or https URL, such as http://127.0.0.1:8000/v1', (text) =>
    urlOf(text, ['http:', 'https:']),
  )
}

/** The message states the problem and repeats nothing of the text, because most of it may be a password. */
function redisUrl() {
  const expected = `the URL of a Redis server: ${redisUrlForm}`
  return z.string(`is not set; it must be ${expected}`).transform((text, context): RedisUrl => {
    const url = parseRedisUrl(text)
    if (typeof url !== 'string') return url
    context.addIssue({ code: 'custom', message: `must be ${expected}, but ${url}` })
    return z.NEVER
  })
}

/** The text of a PEM file. */
function pemFile(content: string, label: string) {
  const begin = new RegExp(`^-----BEGIN ${label}-----$`, 'm')
  const read = (path: string): { text: string } | { problem: string } => {
    try {
      const text = readFileSync(path, 'utf8')
      return begin.test(text) ? { text } : { problem: 'but it has none' }
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
      return { problem: `but it cannot be read (${code})` }
    }
  }
  return variable(
    `the path of a file with ${content} in PEM`,
    (path) => {
      const file = read(path)
      return 'text' in file ? file.text : undefined
    },
    (path) => {
      const file = read(path)
      return 'problem' in file ? `, ${file.problem}` : ''
    },
  )
}

function isOn(text: '0' | '1'): boolean {
  return text === '1'
}

function parseWord(text: string): string | undefined {
  return /^[\x21-\x7e]+$/.test(text) ? text : undefined
}

function parseWhole(text: string, least: number, most: number): number | undefined {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  return value >= least && value <= most ? value : undefined
}

const units: Record<string, number> = { ms: 1, s: second, m: minute, h: hour, d: day }

function parseDuration(text: string, least: number, most: number): number | undefined {
  const [, digits, unit = ''] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/.exec(text) ?? []
  const value = Math.round(Number(digits) * (units[unit] ?? Number.NaN))
  return value >= least && value <= most ? value : undefined
}

function urlOf(text: string, protocols: string[]): string | undefined {
  const url = URL.parse(text)
  return url !== null && protocols.includes(url.protocol) && url.host !== '' ? text : undefined
}

function parseTrustProxy(text: string): TrustProxy | undefined {
  if (text === 'off') return false
  const hops = parseWhole(text, 0, 100)
  if (hops !== undefined) return hops === 0 ? false : hops
  const addresses = text.split(',').map((address) => address.trim())
  return addresses.every(isAddress) ? addresses : undefined
}

function isAddress(text: string): boolean {
  return ['loopback', 'linklocal', 'uniquelocal'].includes(text) || parseNetwork(text) !== undefined
}

function parseHostAllowList(text: string): string[] | undefined {
  const entries = text.split(',').map((entry) => entry.trim())
  return entries.every((entry) => parseHostRule(entry) !== undefined) ? entries : undefined
}

function parseOrigins(text: string): string[] | undefined {
  const origins = text.split(',').map((origin) => origin.trim())
  if (origins.length === 1 && origins[0] === '*') return origins
  return origins.every(isOrigin) ? origins : undefined
}

/** Whether a text is an origin in the form that browsers send. */
function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.parse(text)?.origin === text
}

function parseApiKeys(text: string): BootstrapKey[] | undefined {
  return problemOfApiKeys(text) === undefined ? apiKeysIn(text) : undefined
}

function apiKeysIn(text: string): BootstrapKey[] {
  return text.split(',').map((pair) => {
    const [workspace = '', ...key] = pair.trim().split(':')
    return { workspace, key: key.join(':') }
  })
}

/** The first problem of a list, without its keys; undefined when the list is correct. */
function problemOfApiKeys(text: string): string | undefined {
  const pairs = apiKeysIn(text)
  for (const [i, { workspace, key }] of pairs.entries()) {
    const which = `pair ${i + 1}`
    // A workspace is used in Redis keys between braces, so only few characters are allowed.
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(workspace)) {
      return `the workspace of ${which} is not 1 to 64 of A-Za-z0-9_-`
    }
    if (!/^[\x21-\x7e]*$/.test(key)) {
      return `the key of ${which} has characters that are not visible ASCII`
    }
    if (key.length < 16) return `the key of ${which} has fewer than 16 characters`
    if (key.length > 256) return `the key of ${which} has more than 256 characters`
    const first = pairs.findIndex((other) => other.key === key)
    if (first < i) return `${which} has the key of pair ${first + 1}`
  }
  return undefined
}

function parseSecretKey(text: string): Buffer | undefined {
  const key = Buffer.from(text, 'base64')
  return key.length === 32 && key.toString('base64') === text ? key : undefined
}

const Providers = z.record(
  z.string().regex(/^(?!(?:openai|anthropic|google)$)[a-z0-9][a-z0-9_-]{0,63}$/),
  z.strictObject({
    base_url: z.string().refine((text) => urlOf(text, ['http:', 'https:']) !== undefined),
    api_key: z.string().optional(),
    return_reasoning: z.enum(returnReasoning).optional(),
  }),
)

function parseProviders(text: string): Record<string, Provider> | undefined {
  const result = Providers.safeParse(parseJson(text))
  if (!result.success) return undefined
  return Object.fromEntries(
    Object.entries(result.data).map(([name, settings]) => {
      const { base_url: baseUrl, api_key: apiKey = '', return_reasoning: returned } = settings
      const optional = {
        ...(apiKey !== '' && { apiKey }),
        ...(returned !== undefined && { returnReasoning: returned }),
      }
      return [name, { baseUrl, ...optional }]
    }),
  )
}

function parseLimits(text: string): WorkspaceLimits | undefined {
  if (problemOfLimits(text) !== undefined) return undefined
  return limitsOf(LimitsObject.parse(parseJson(text)))
}

/** Why a text describes no limits that hold for all workspaces; undefined when it does. */
function problemOfLimits(text: string): string | undefined {
  const object = parseJson(text)
  if (object === undefined) return 'is not JSON'
  const { success, data, error } = LimitsObject.safeParse(object)
  if (!success) {
    const [issue] = error.issues
    return issue?.path.length ? `its ${issue.path.join('.')} ${issue.message}` : 'is no object'
  }
  const unknown = unknownName(object, data)
  if (unknown !== undefined) return `there is no limit ${JSON.stringify(unknown.slice(0, 80))}`
  return data.overrides === undefined
    ? undefined
    : 'its overrides belong to one workspace: set them with PATCH'
}

/** The path of the first name that a parsed object has not kept. */
function unknownName(object: unknown, parsed: unknown): string | undefined {
  if (typeof object !== 'object' || object === null) return undefined
  for (const [name, value] of Object.entries(object)) {
    const kept = Object(parsed) as Record<string, unknown>
    if (!Object.hasOwn(kept, name)) return name
    const inner = unknownName(value, kept[name])
    if (inner !== undefined) return `${name}.${inner}`
  }
  return undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
