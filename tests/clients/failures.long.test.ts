import { startCluster, test as base } from '@longhaul/testbed'
import { expect } from 'vitest'
import { commandLineClients } from './command-line-clients.ts'
import { syncWaitMs, vendorFailures } from './failures.ts'
import { pick, readTable } from './failures-table.ts'
import { createCallCounter } from './count-calls.ts'

const test = base.extend('countCalls', { scope: 'file' }, async ({ redisUrl }, { onCleanup }) => {
  const env = { LONGHAUL_SYNC_WAIT: `${syncWaitMs}ms` }
  const cluster = await startCluster({ redisUrl, env })
  onCleanup(() => cluster.kill())
  return createCallCounter(cluster)
})

const table = readTable('When a provider fails')
const columns = ['Longhaul', ...Object.keys(commandLineClients)]

test.for(Object.entries(vendorFailures))(
  'the provider of codex and opencode is called as often as the table says: %s',
  async ([name, replies], { countCalls }) => {
    const row = await countCalls(commandLineClients, { replies })
    expect(row).toEqual(pick(table.get(name), columns))
  },
)
