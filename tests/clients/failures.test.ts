import { startCluster, test as base } from '@longhaul/testbed'
import { describe, expect } from 'vitest'
import { syncWaitMs, vendorFailures } from './failures.ts'
import { pick, readTable } from './failures-table.ts'
import { libraryClients } from './library-clients.ts'
import { createCallCounter } from './count-calls.ts'

const test = base.extend('countCalls', { scope: 'file' }, async ({ redisUrl }, { onCleanup }) => {
  const env = { LONGHAUL_SYNC_WAIT: `${syncWaitMs}ms` }
  const cluster = await startCluster({ redisUrl, env })
  onCleanup(() => cluster.kill())
  return createCallCounter(cluster)
})

const table = readTable('When a provider fails')
const columns = ['Longhaul', ...Object.keys(libraryClients)]

test('the table of the clients has a row for each failure of a provider', () => {
  expect([...table.keys()]).toEqual(Object.keys(vendorFailures))
})

describe.concurrent('the provider of a library', () => {
  test.for(Object.entries(vendorFailures))(
    'is called as often as the table says: %s',
    async ([name, replies], { countCalls, expect: expectHere }) => {
      const row = await countCalls(libraryClients, { replies })
      expectHere(row).toEqual(pick(table.get(name), columns))
    },
  )
})
