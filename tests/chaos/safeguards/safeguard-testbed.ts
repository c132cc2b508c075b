import { testKey } from '@longhaul/testing/servers'
import { check, type Violation } from '../checks/check.ts'
import { runClient } from '../clients/run-client.ts'
import type { ClientEvidence, DoneFault } from '../evidence/evidence.ts'
import { type AtEnd, type Member, startHouse } from '../cluster/chaos-cluster.ts'
import { readFinals } from '../evidence/read-final-states.ts'
import { readLeftovers } from '../evidence/read-leftovers.ts'
import { setUp } from '../cluster/create-agents.ts'
import { watchStalls } from '../cluster/watch-stalls.ts'
import type { TaskScript } from '../tasks/task-script.ts'
import { type Cut, cutsVariable } from './sabotage.ts'

/** Longer than anything here takes: no model call is given up. */
const minute = 60_000
const sabotage = new URL('./sabotage.ts', import.meta.url).href

/** A small house with some pieces of the product cut out, for one task and what is done to it. */
export async function setStage(
  { cuts, workers, lockMs = 1_000 }: { cuts: Cut[]; workers: number; lockMs?: number },
  atEnd: AtEnd,
) {
  const env = { LONGHAUL_LOCK_MS: String(lockMs), [cutsVariable]: JSON.stringify(cuts) }
  const house = await startHouse({ apis: 1, workers, env, preloads: [sabotage] }, atEnd)
  const urls = house.apis.map(({ door }) => door.url)
  await setUp(urls[0] ?? '', house.vendors.toolsUrl, minute)
  const stalls = watchStalls(house, atEnd)
  const patience = new AbortController()
  atEnd(() => patience.abort())
  const faults: DoneFault[] = []

  return {
    house,
    vendors: house.vendors,

    /** The task's client, until it knows the end or has no more patience. */
    runClient: (task: TaskScript): Promise<ClientEvidence> =>
      runClient(task, {
        urls,
        key: testKey,
        signal: patience.signal,
        run: 'safeguard',
        whenAsked: house.vendors.whenAsked,
      }),

    /** Resolves with the worker that is asking the model for a step. */
    async asking(task: TaskScript, step: number): Promise<Member> {
      const { worker } = await house.vendors.whenAsked({ task: task.number, step }, patience.signal)
      const member = house.living(worker)
      if (member === undefined) throw new Error(`${worker} is gone`)
      return member
    },

    /** Does something to these processes, as a fault of a kind. */
    async inflict(kind: DoneFault['kind'], on: Member[], act: () => Promise<void>): Promise<void> {
      const from = Date.now()
      await act()
      faults.push({ kind, from, to: Date.now(), victims: on.map(({ name }) => name) })
    },

    /** From now on so long, milliseconds: what has not ended by then never will. */
    losePatienceAfter(ms: number): void {
      const timer = setTimeout(() => patience.abort(), ms)
      atEnd(() => clearTimeout(timer))
    },

    /** What breaks a promise when all is over. */
    async violations(script: TaskScript, client: ClientEvidence): Promise<Violation[]> {
      const [final] = await readFinals([{ taskId: client.ids[0]?.taskId }], {
        url: urls[0] ?? '',
        redisUrl: house.redis.url,
      })
      return check({
        tasks: [{ script, client, final }],
        rivalries: [],
        asked: [...house.vendors.asked],
        served: [...house.vendors.served],
        approvals: {},
        planned: [],
        faults: [...faults, ...(await stalls.besides(faults))],
        mishaps: house.mishaps,
        leftovers: client.endedAt === undefined ? [] : await readLeftovers(house.control),
      })
    },
  }
}
