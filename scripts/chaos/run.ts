import { testKey } from '@longhaul/testing/servers'
import { setTimeout as sleep } from 'node:timers/promises'
import { runClient } from './client.ts'
import type { ClientEvidence, DoneFault, Evidence } from './evidence.ts'
import { type AtEnd, startHouse } from './house.ts'
import { performFault } from './perform-fault.ts'
import { planFaults } from './plan-faults.ts'
import { readFinals } from './read-finals.ts'
import { readLeftovers } from './read-leftovers.ts'
import { scriptTasks } from './script-task.ts'
import { setUp } from './set-up.ts'

export type RunOptions = {
  seed: number
  tasks: number
  seconds: number
  workers: number
  /** How often a worker is killed. */
  kills: number
  signal: AbortSignal
  say: (text: string) => void
}

/** How long tasks have to end after the last fault. */
const drainMs = 60_000

/** Sets the house up, lets tasks and faults loose on it, waits for all to end, and brings the evidence. */
export async function run(
  options: RunOptions,
  atEnd: AtEnd,
): Promise<Evidence & { logs: Map<string, string[]> }> {
  const { seed, workers, signal, say } = options
  const plan = planFaults({ seed, ms: options.seconds * 1_000, kills: options.kills })
  // So many faults may take longer than was asked for.
  const seconds = Math.ceil(Math.max(options.seconds, (plan.at(-1)?.at ?? 0) / 1_000))
  const tasks = scriptTasks({ seed, tasks: options.tasks, ms: seconds * 1_000 })
  const house = await startHouse({ apis: 2, workers }, atEnd)
  const urls = house.apis.map(({ door }) => door.url)
  await setUp(urls[0] ?? '', house.vendors.toolsUrl)
  say(`seed ${seed}: ${tasks.length} tasks and ${plan.length} faults in ${seconds} s`)

  const giveUp = new AbortController()
  const clientSignal = AbortSignal.any([signal, giveUp.signal])
  const start = Date.now()
  const at = (ms: number) => sleep(Math.max(0, start + ms - Date.now()), undefined, { signal })
  const faults: DoneFault[] = []
  const mishaps: string[] = []
  let ended = 0
  const progress = setInterval(() => {
    const second = Math.round((Date.now() - start) / 1_000)
    say(`${second} s: ${ended} of ${tasks.length} tasks ended, ${faults.length} faults over`)
  }, 10_000)
  atEnd(() => clearInterval(progress))

  const clients = tasks.map(async (task): Promise<ClientEvidence> => {
    await at(task.at)
    const client = { urls, key: testKey, run: `chaos-${seed}-${start}`, signal: clientSignal }
    const seen = await runClient(task, client)
    if (seen.endedAt !== undefined) ended += 1
    return seen
  })
  async function breakThings(): Promise<void> {
    await Promise.all(
      plan.map(async (fault) => {
        await at(fault.at)
        try {
          faults.push(await performFault(fault, house))
        } catch (error) {
          signal.throwIfAborted()
          mishaps.push(`${fault.kind}: ${String(error)}`)
        }
      }),
    )
    say(`all faults are over: ${tasks.length - ended} tasks have not ended yet`)
    const timer = setTimeout(() => giveUp.abort(), drainMs)
    atEnd(() => clearTimeout(timer))
  }
  const [seen] = await Promise.all([Promise.all(clients), breakThings()])
  clearInterval(progress)

  const finals = await readFinals(seen, { url: urls[0] ?? '', redisUrl: house.redis.url })
  return {
    logs: house.logs,
    tasks: tasks.map((script, place) => {
      const client = seen[place]
      if (client === undefined) throw new Error(`nobody ran task ${script.number}`)
      return { script, client, final: finals[place] }
    }),
    asked: house.vendors.asked(),
    served: house.vendors.served,
    faults: faults.toSorted((a, b) => a.from - b.from),
    mishaps,
    leftovers: await readLeftovers(house.control),
  }
}
