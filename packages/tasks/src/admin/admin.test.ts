import { noDemand } from '@longhaul/core'
import { expect, test } from 'vitest'
import { createAdmin } from './admin.ts'
import type { OperatorPorts } from './ports.ts'

test('the demand is read at most once a second, for any number of callers', async () => {
  const clock = { time: 1_000 }
  let reads = 0
  const admin = createAdmin({
    shards: 2,
    lockMs: 30_000,
    now: () => clock.time,
    adminStore: {
      demand() {
        reads += 1
        return Promise.resolve({ ...noDemand(), startable: reads, workers: [] })
      },
    },
  } as unknown as OperatorPorts)
  const read = async () => (await admin.demand()).startable
  expect(await Promise.all([read(), read(), read()])).toEqual([3, 3, 3])
  clock.time += 999
  expect(await read()).toBe(3)
  expect(reads).toBe(2)
  clock.time += 1
  expect(await read()).toBe(7)
})
