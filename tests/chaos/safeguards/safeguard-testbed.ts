import { check, type Violation } from '../checks/check.ts'
import { runClient } from '../clients/run-client.ts'
import type { ClientEvidence, DoneFault } from '../evidence/evidence.ts'
import { type ChaosProcess, startChaosCluster } from '../cluster/chaos-cluster.ts'
import type { AtEnd } from '../cluster/at-end.ts'
import { readFinalStates } from '../evidence/read-final-states.ts'
import { readLeftovers } from '../evidence/read-leftovers.ts'
import { awaitEvents } from '../events/await-events.ts'
import { createEndpoints } from '../events/create-endpoints.ts'
import { expectedEvents } from '../events/expected-events.ts'
import { createAgents } from '../cluster/create-agents.ts'
import { watchStalls } from '../cluster/watch-stalls.ts'
import { readSlotHolds } from '../evidence/slot-holds.ts'
import type { TaskScript } from '../tasks/task-script.ts'
import { keyOf } from '../tasks/workspaces.ts'
import { type Cut, cutsVariable } from './cut.ts'

/** Longer than any step here takes, so that no model call times out. */
const minute = 60_000
const sabotage = new URL('./sabotage.ts', import.meta.url).href

type Options = {
  cuts: Cut[]
  workers: number
  lockMs?: number
  slots?: number
  /** How long events may take to their receiver in the end; without it there is none. */
  eventsMs?: number
}

/** A small cluster that runs the product with some cuts, for one task and the faults of an experiment. */
export async function startSafeguardTestbed(
  { cuts, workers, lockMs = 1_000, slots = 8, eventsMs }: Options,
  atEnd: AtEnd,
) {
  const env = {
    LONGHAUL_LOCK_MS: String(lockMs),
    LONGHAUL_CONCURRENCY: String(slots),
    [cutsVariable]: JSON.stringify(cuts),
  }
  const cluster = await startChaosCluster({ apis: 1, workers, env, preloads: [sabotage] }, atEnd)
  const urls = cluster.apis.map(({ proxy }) => proxy.url)
  await createAgents(urls[0] ?? '', cluster.vendors.toolsUrl, minute)
  const { receiver } = cluster
  const endpoints = eventsMs === undefined ? [] : await createEndpoints(urls[0] ?? '', receiver.url)
  const stalls = watchStalls(cluster, atEnd)
  const patience = new AbortController()
  atEnd(() => patience.abort())
  const faults: DoneFault[] = []

  return {
    cluster,
    vendors: cluster.vendors,
    receiver,

    /** Runs the task's client until the task has ended or the client has lost its patience. */
    runClient: (task: TaskScript): Promise<ClientEvidence> =>
      runClient(task, {
        urls,
        key: keyOf(task),
        signal: patience.signal,
        run: 'safeguard',
        onRequest: cluster.vendors.onRequest,
      }),

    /** Resolves with the worker that is asking the model for a step. */
    async asking(task: TaskScript, step: number): Promise<ChaosProcess> {
      const { worker } = await cluster.vendors.onRequest(
        { task: task.number, step },
        patience.signal,
      )
      const member = cluster.living(worker)
      if (member === undefined) throw new Error(`${worker} is gone`)
      return member
    },

    /** Acts on these processes, and records that as a fault. */
    async inflict(
      kind: DoneFault['kind'],
      on: ChaosProcess[],
      act: () => Promise<void>,
    ): Promise<void> {
      const from = Date.now()
      await act()
      faults.push({ kind, from, to: Date.now(), victims: on.map(({ name }) => name) })
    },

    /** Stops the client after this time, in milliseconds, if its task has not ended. */
    losePatienceAfter(ms: number): void {
      const timer = setTimeout(() => patience.abort(), ms)
      atEnd(() => clearTimeout(timer))
    },

    /** The violations, once the client has finished. */
    async violations(script: TaskScript, client: ClientEvidence): Promise<Violation[]> {
      const { workspace } = script
      const [final] = await readFinalStates([{ taskId: client.ids[0]?.taskId, workspace }], {
        url: urls[0] ?? '',
        cluster,
      })
      const seen = { tasks: [{ script, client, final }], continuationPairs: [], failovers: [] }
      if (eventsMs !== undefined) {
        await awaitEvents(expectedEvents(seen), {
          url: urls[0] ?? '',
          endpoints,
          received: receiver.received,
          recovers: false,
          ms: eventsMs,
        })
      }
      return check({
        ...seen,
        ...(eventsMs !== undefined && { events: [...receiver.received] }),
        asked: [...cluster.vendors.asked],
        served: [...cluster.vendors.served],
        approvals: {},
        planned: [],
        faults: [...faults, ...(await stalls.besides(faults))],
        mishaps: cluster.mishaps,
        leftovers: client.endedAt === undefined ? [] : await readLeftovers(cluster.control, 1),
        holds: await readSlotHolds(cluster),
        limitChanges: [...cluster.limits.changes],
        receivedLost: [],
      })
    },
  }
}
