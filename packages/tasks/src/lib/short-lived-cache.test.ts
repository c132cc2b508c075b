import { expect, test } from 'vitest'
import { createShortLivedCache } from './short-lived-cache.ts'

const setup = (size = 3) => {
  const clock = { time: 1_000 }
  const loads: string[] = []
  const cache = createShortLivedCache<string | undefined>({
    lifetime: 1_000,
    size,
    now: () => clock.time,
    keep: (value) => value !== undefined,
  })
  const get = (
    key: string,
    answer: () => Promise<string | undefined> = () => Promise.resolve(key),
  ) =>
    cache.get(key, () => {
      loads.push(key)
      return answer()
    })
  return { clock, loads, cache, get }
}

test('an answer is used again until it is too old', async () => {
  const { clock, loads, get } = setup()
  expect(await get('a')).toBe('a')
  clock.time += 999
  expect(await get('a')).toBe('a')
  expect(loads).toEqual(['a'])
  clock.time += 1
  await get('a')
  expect(loads).toEqual(['a', 'a'])
})

test('a clock that is set back prolongs no answer', async () => {
  const { clock, loads, get } = setup()
  await get('a')
  clock.time -= 600_000
  await get('a')
  expect(loads).toEqual(['a', 'a'])
})

test('calls at the same time share one load', async () => {
  const { loads, get } = setup()
  await Promise.all([get('a'), get('a'), get('a')])
  expect(loads).toEqual(['a'])
})

test('failures and refused answers are not cached', async () => {
  const { loads, get } = setup()
  await expect(get('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away')
  expect(await get('a', () => Promise.resolve(undefined))).toBeUndefined()
  expect(await get('a')).toBe('a')
  expect(loads).toEqual(['a', 'a', 'a'])
})

test('an answer that is purged while it loads is loaded again', async () => {
  const { loads, cache, get } = setup()
  const slow = Promise.withResolvers<string>()
  const early = get('w a', () => slow.promise)
  cache.purge('w ')
  expect(await get('w a', () => Promise.resolve('new'))).toBe('new')
  slow.resolve('old')
  expect(await early).toBe('old')
  expect(await get('w a')).toBe('new')
  expect(loads).toHaveLength(2)
})

test('purge drops keys with a prefix, clear drops all', async () => {
  const { loads, cache, get } = setup()
  await get('w a')
  await get('v a')
  cache.purge('w ')
  await get('v a')
  expect(loads).toHaveLength(2)
  cache.clear()
  await get('v a')
  expect(loads).toHaveLength(3)
})

test('the oldest answers are evicted first', async () => {
  const { loads, get } = setup(2)
  for (const key of ['a', 'b', 'c']) await get(key)
  await get('c')
  await get('b')
  expect(loads).toEqual(['a', 'b', 'c'])
  await get('a')
  expect(loads).toHaveLength(4)
})
