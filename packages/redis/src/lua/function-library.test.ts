import { test } from '@longhaul/testbed'
import type { Redis } from 'ioredis'
import { expect } from 'vitest'
import { asSource } from './define-script.ts'
import { libraryOf } from './function-library.ts'

const script = `#!lua flags=allow-oom
--[[ Counts. ]]
local added, failing = ARGV[1], ARGV[2]
local counts, total = {}, 0
local last
-- Counts one.
local function count(name)
  counts[name] = (counts[name] or 0) + 1
  total = total + 1
  last = name
end
local before = last
local function isFull() return total > 2 end
for name in string.gmatch(added, '%a') do
  if failing == name then error('failed') end
  count(name)
end
return { total, counts.a or 0, isFull() and 1 or 0, last, before or 'nothing' }
`

async function loaded(redis: Redis, source: string) {
  const library = libraryOf(asSource('some-script', source), source)
  await redis.call('FUNCTION', 'LOAD', 'REPLACE', library.source(1))
  return (...args: string[]) => redis.fcall(library.name, 0, ...args)
}

test('a function does what its script does', async ({ redis }) => {
  const call = await loaded(redis, script)
  for (const added of ['aab', 'b', ''])
    expect(await call(added, '')).toEqual(await redis.eval(script, 0, added, ''))
  expect(await call('aab', '')).toEqual([3, 2, 1, 'b', 'nothing'])
})

test('a call of a function knows nothing of the call before, even of a failed one', async ({
  redis,
}) => {
  const call = await loaded(redis, script)
  await call('aa', '')
  await expect(call('aab', 'b')).rejects.toThrow('failed')
  expect(await call('a', '')).toEqual([1, 1, 0, 'a', 'nothing'])
})

test('what a function keeps is computed again when its expression has changed', async ({
  redis,
}) => {
  const call = await loaded(
    redis,
    `
-- @kept ARGV[1]
local first, rest = string.match(ARGV[1], '(%S*) (%S*)')
local made = {}
-- @end
local function add(name) made[#made + 1] = name end
add(first)
add(rest)
return made`,
  )
  expect(await call('a b')).toEqual(['a', 'b'])
  expect(await call('a b')).toEqual(['a', 'b', 'a', 'b'])
  expect(await call('c d')).toEqual(['c', 'd'])
})

test('a function has the flags of its script', async ({ redis }) => {
  await loaded(redis, script)
  const list = await redis.call('FUNCTION', 'LIST', 'LIBRARYNAME', 'longhaul_some_script_*')
  expect([list].flat(Infinity)).toContain('allow-oom')
})

test('two versions of a script are two functions', async ({ redis }) => {
  const first = await loaded(redis, 'return 1')
  const second = await loaded(redis, 'return 2')
  expect([await first(), await second()]).toEqual([1, 2])
})
