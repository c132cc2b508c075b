import { startRedis, test as base } from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { expect } from 'vitest'
import { asSource } from './define-script.ts'
import { libraryOf } from './function-library.ts'
import { runScript } from './run-script.ts'

let made = 0

/** A script as a function that no other test has loaded. */
function scriptOf(body: string) {
  const text = `-- ${(made += 1)}\n${body}`
  const source = asSource('tried', text)
  return { ...source, library: libraryOf(source, text) }
}

const setAndGet = "redis.call('SET', KEYS[1], ARGV[1]) return redis.call('GET', KEYS[1])"
const run = (redis: Redis, script: ReturnType<typeof scriptOf>) =>
  runScript(redis, { script, keys: ['{a}:key'], args: ['value'], parse: (reply) => reply })

/** A Redis of its own, because libraries belong to the whole server. */
const test = base.extend('server', async ({}, { onCleanup }) => {
  const server = await startRedis()
  const redis = new Redis(server.url)
  onCleanup(async () => {
    redis.disconnect()
    await server.stop()
  })
  const libraries = async (): Promise<string[]> => {
    const list = await redis.call('FUNCTION', 'LIST')
    const words = [list].flat(Infinity).map(String)
    return words.filter((_, at) => words[at - 1] === 'library_name')
  }
  const calls = async (command: string): Promise<number> => {
    const stats = await redis.info('commandstats')
    return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0)
  }
  return { redis, libraries, calls }
})

test('a script runs at once, and as a function when Redis has loaded it', async ({ server }) => {
  const { redis, calls, libraries } = server
  const script = scriptOf(setAndGet)
  expect(await run(redis, script)).toBe('value')
  await expect.poll(libraries).toEqual([script.library.name])
  const before = await calls('evalsha')
  expect(await run(redis, script)).toBe('value')
  expect(await calls('evalsha')).toBe(before)
})

test('a script runs where functions are denied, and Redis is not asked each time', async ({
  server,
}) => {
  const { redis, calls, libraries } = server
  await redis.acl('SETUSER', 'default', '-fcall', '-function')
  const script = scriptOf(setAndGet)
  for (let n = 0; n < 3; n += 1) expect(await run(redis, script)).toBe('value')
  expect(await redis.info('commandstats')).toMatch(/cmdstat_fcall:calls=0,.*rejected_calls=1,/)
  expect(await calls('evalsha')).toBeGreaterThan(2)
  expect(await libraries().catch(String)).toContain('NOPERM')
})

test('a full Redis runs a script that needs no memory', async ({ server }) => {
  const { redis, libraries } = server
  const script = scriptOf("return redis.call('GET', KEYS[1])")
  await redis.set('{a}:key', 'stored')
  await run(redis, script)
  await expect.poll(libraries).toHaveLength(1)
  await redis.config('SET', 'maxmemory', '1')
  expect(await run(redis, script)).toBe('stored')
  expect(await run(redis, scriptOf("return redis.call('GET', KEYS[1]) -- new"))).toBe('stored')
  await expect(run(redis, scriptOf(setAndGet))).rejects.toMatchObject({ reason: 'store_full' })
})

test('libraries of other versions are removed a day after they were loaded', async ({ server }) => {
  const { redis, libraries } = server
  const [old, recent, current] = [scriptOf('return 1'), scriptOf('return 2'), scriptOf('return 3')]
  const hour = 3_600_000
  await redis.call('FUNCTION', 'LOAD', old.library.source(Date.now() - 25 * hour))
  await redis.call('FUNCTION', 'LOAD', recent.library.source(Date.now() - 23 * hour))
  expect(await run(redis, current)).toBe(3)
  const left = new Set([recent.library.name, current.library.name])
  await expect.poll(async () => new Set(await libraries())).toEqual(left)
  expect(await run(redis, old)).toBe(1)
  await expect.poll(libraries).toContain(old.library.name)
})

test('a Redis that has lost its scripts and functions runs them again', async ({ server }) => {
  const { redis, libraries } = server
  const script = scriptOf(setAndGet)
  await run(redis, script)
  await expect.poll(libraries).toHaveLength(1)
  await redis.script('FLUSH')
  await redis.call('FUNCTION', 'FLUSH')
  expect(await run(redis, script)).toBe('value')
})
