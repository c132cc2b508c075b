import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Cluster,
  type ClusterProcess,
  type FlakyProxy,
  startCluster,
  startFlakyProxy,
} from '@longhaul/testbed'
import { expect, onTestFinished, test } from 'vitest'
import { commandLineClients } from './command-line-clients.ts'
import { createCallCounter } from './count-calls.ts'
import { wholeAnswer } from './failures.ts'
import { pick, readTable } from './failures-table.ts'
import { libraryClients } from './library-clients.ts'

type Reached = { cluster: Cluster; api: ClusterProcess; proxy: FlakyProxy }

type Fault = {
  /** The environment of the API process that the clients reach first. */
  env?: Record<string, string>
  /** The vendor's first answer never comes. */
  hangs?: true
  /** What happens while the vendor works on its first answer. `api` is the process that the clients have reached. */
  strike: (reached: Reached) => Promise<unknown> | void
}

const faults: Record<string, Fault> = {
  'the worker is killed': {
    hangs: true,
    async strike({ cluster }) {
      await Promise.all(cluster.workers.map((worker) => worker.kill()))
      await cluster.startWorker()
      await cluster.expireLeases()
    },
  },
  'the API process stops': { strike: ({ api }) => api.stop() },
  'the API process stops before the answer': {
    env: { LONGHAUL_DRAIN_MS: '500' },
    strike: ({ api }) => api.stop(),
  },
  'the API process is killed': { strike: ({ api }) => api.kill() },
  'the API process is killed after `LONGHAUL_SYNC_WAIT`': {
    env: { LONGHAUL_SYNC_WAIT: '100ms' },
    strike: ({ api }) => api.kill(),
  },
  'the connection is cut': { strike: ({ proxy }) => proxy.reset() },
  'Redis is killed and restarts': {
    async strike({ cluster: { redis } }) {
      await redis?.kill()
      await redis?.restart()
    },
  },
}

const { codex = [], opencode = [] } = commandLineClients
const groups = { libraries: libraryClients, codex: { codex }, opencode: { opencode } }
const table = readTable('When a process fails')

test('the table of the clients has a row for each fault', () => {
  expect([...table.keys()]).toEqual(Object.keys(faults))
})

const cases = Object.entries(faults).flatMap(([name, fault]) =>
  Object.entries(groups).map(([group, clients]) => ({ name, fault, group, clients })),
)

test.for(cases)(
  'the provider of $group is called as often as the table says: $name',
  async ({ name, fault, clients }) => {
    const cluster = await startCluster()
    onTestFinished(() => cluster.kill())
    const api = await cluster.startApi(fault.env)
    const proxy = await startFlakyProxy(api.url)
    onTestFinished(() => proxy.close())
    const answer = { text: wholeAnswer }
    const countCalls = createCallCounter(cluster, { url: proxy.url })
    const row = await countCalls(clients, {
      replies: fault.hangs ? [{ fault: 'hang' }, answer] : [{ delay: 5_000, ...answer }],
      async meanwhile() {
        // A library repeats a stream that is cut within its first 50 ms. And a head may be sent by now.
        await sleep(200)
        // New connections reach the other process.
        proxy.lead(cluster.url)
        await fault.strike({ cluster, api, proxy })
      },
    })
    expect(row).toEqual(pick(table.get(name), ['Longhaul', ...Object.keys(clients)]))
  },
)
