import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EndedTurn } from './ended-turn.ts'
import { bucketStart, bucketStarts, grains } from './grains.ts'
import {
  addCountsText,
  addStoredCount,
  countsText,
  noUsage,
  usageIncrements,
} from './usage-counts.ts'

const day = 86_400_000
const turns = fc.array(
  fc.record({
    at: fc.integer({ min: 100 * day, max: 102 * day }),
    workspace: fc.constantFrom('acme', 'beta'),
    agentId: fc.constantFrom('a', 'b'),
    status: fc.constantFrom('completed', 'failed', 'cancelled'),
    from: fc.constant(99 * day),
    models: fc.array(fc.tuple(fc.constantFrom('x/a', 'x/b'), fc.nat(9), fc.nat(9), fc.nat(9)), {
      minLength: 1,
      maxLength: 2,
    }),
  }),
  { maxLength: 30 },
)

test('each turn counts once in each grain and once in each group, however the turns are batched', () => {
  fc.assert(
    fc.property(turns, fc.nat(30), (all: EndedTurn[], cut) => {
      expect(sums(all.slice(0, cut), all.slice(cut))).toEqual(sums(all))
      for (const grain of grains) {
        for (const by of grain === 'minute' ? ['all'] : ['all', 'agent', 'model']) {
          const found = [...sums(all)].filter(([id]) => id.startsWith(`${grain} ${by} `))
          const total = (name: string) =>
            found
              .filter(([id]) => id.endsWith(` ${name}`))
              .reduce((sum, [, count]) => sum + count, 0)
          const tokens = all.flatMap(({ models }) => models)
          expect(total('requests')).toBe(all.length)
          expect(total('errors')).toBe(all.filter(({ status }) => status === 'failed').length)
          expect(total('input')).toBe(tokens.reduce((sum, [, input]) => sum + input, 0))
        }
      }
    }),
  )
})

/** The sum of all increments, by grain, group, workspace, start, value and name. */
function sums(...batches: EndedTurn[][]): Map<string, number> {
  const found = new Map<string, number>()
  for (const { bucket, value, counts } of batches.flatMap(usageIncrements)) {
    const { workspace, grain, start, by = 'all' } = bucket
    for (const [name, count] of counts) {
      const id = `${grain} ${by} ${workspace} ${start} ${value} ${name}`
      found.set(id, (found.get(id) ?? 0) + count)
    }
  }
  return new Map([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

test('a range has the buckets of its first and of its last time, and none that is no longer kept', () => {
  const now = 500 * day + 1
  const hours = { grain: 'hour', from: now - 3_600_000, to: now } as const
  expect(bucketStarts(hours, now)).toEqual([500 * day - 3_600_000, 500 * day])
  const minutes = { grain: 'minute', from: 0, to: now } as const
  expect(bucketStarts(minutes, now)).toHaveLength(181)
  expect(bucketStarts({ grain: 'day', from: 0, to: 9e15 }, now).length).toBeLessThan(405)
  expect(bucketStarts({ grain: 'day', from: now, to: 0 }, now)).toEqual([])
  expect(bucketStart('day', now)).toBe(500 * day)
})

test('the counts of a group are one text, also with those of a newer version', () => {
  const counts = noUsage()
  addCountsText(counts, countsText(new Map(Object.entries({ requests: 1, input: 20 }))))
  addCountsText(counts, '1 1 0 5 6 7 99')
  expect(counts).toEqual({ ...noUsage(), requests: 2, errors: 1, input: 25, output: 6, cached: 7 })
})

test('a count that this version does not know is left out', () => {
  const counts = noUsage()
  addStoredCount(counts, 'requests', 2)
  addStoredCount(counts, 'w12', 3)
  addStoredCount(counts, 'values', 7)
  addStoredCount(counts, 'later', 7)
  expect(counts).toEqual({ ...noUsage(), requests: 2, waits: new Map([[12, 3]]) })
})
