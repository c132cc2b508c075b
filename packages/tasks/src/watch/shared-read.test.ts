import type { Entries } from '@longhaul/core'
import { expect, test } from 'vitest'
import { sharedRead } from './shared-read.ts'

test('simultaneous equal reads share one result, and a later read gets a new one', async () => {
  let reads = 0
  const read = sharedRead({
    read: (_: string, { pos }) => {
      reads += 1
      return Promise.resolve({ status: 'running', turn: reads, pos, entries: [] } satisfies Entries)
    },
  })
  const [one, two, other, later] = await Promise.all([
    read('t', { pos: 1, fact: 1 }),
    read('t', { pos: 1, fact: 1 }),
    read('u', { pos: 1, fact: 1 }),
    read('t', { pos: 2, fact: 1 }),
  ])
  expect(two).toBe(one)
  expect([other?.turn, later?.turn]).toEqual([2, 3])
  expect(await read('t', { pos: 1, fact: 1 })).toMatchObject({ turn: 4 })
})

test('a failed read fails for all its callers, and the next call reads again', async () => {
  let reads = 0
  const read = sharedRead({
    read: () => {
      reads += 1
      return reads === 1 ? Promise.reject(new Error('away')) : Promise.resolve(undefined)
    },
  })
  const both = [read('t', { pos: 0, fact: 0 }), read('t', { pos: 0, fact: 0 })]
  for (const each of both) await expect(each).rejects.toThrow('away')
  expect(await read('t', { pos: 0, fact: 0 })).toBeUndefined()
})
