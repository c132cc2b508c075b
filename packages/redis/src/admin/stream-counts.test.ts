import { test as base } from '@longhaul/testbed'
import { expect } from 'vitest'
import { createStreamCounts } from './stream-counts.ts'

const test = base
  .extend('time', () => ({ now: 1_000_000 }))
  .extend('processes', ({ redis, time }) =>
    ['a', 'b', 'c'].map((id) => createStreamCounts(redis, { id, clock: () => time.now })),
  )

const counts = (of: Record<string, number>) => new Map(Object.entries(of))

test('each process learns how many streams its workspaces have in the others', async ({
  processes: [a, b, c],
}) => {
  expect(await a!.report(counts({ w: 3, x: 1 }))).toEqual(counts({ w: 0, x: 0 }))
  expect(await b!.report(counts({ w: 2, y: 5 }))).toEqual(counts({ w: 3, y: 0 }))
  expect(await c!.report(counts({ w: 1, x: 1, y: 1 }))).toEqual(counts({ w: 5, x: 1, y: 5 }))
  expect(await a!.report(counts({ w: 9 }))).toEqual(counts({ w: 3 }))
  expect(await c!.report(counts({ x: 1 }))).toEqual(counts({ x: 0 }))
})

test('a process without streams, or one that is dead, does not count', async ({
  processes: [a, b, c],
  redis,
  time,
}) => {
  await a!.report(counts({ w: 3 }))
  await b!.report(counts({ w: 2 }))
  await a!.report(counts({}))
  expect(await c!.report(counts({ w: 1 }))).toEqual(counts({ w: 2 }))
  time.now += 10_000
  expect(await c!.report(counts({ w: 1 }))).toEqual(counts({ w: 0 }))
  await c!.report(counts({}))
  await redis.flushdb()
  await c!.report(counts({}))
  expect(await redis.keys('*')).toEqual([])
})

test('thousands of workspaces are reported at once', async ({ processes: [a, b] }) => {
  const many = counts(Object.fromEntries(Array.from({ length: 2_500 }, (_, at) => [`w${at}`, at])))
  await a!.report(many)
  expect(await b!.report(many)).toEqual(many)
})
