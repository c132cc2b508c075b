import { testKey } from '@longhaul/testing/servers'
import { setTimeout as sleep } from 'node:timers/promises'
import { runClient } from './client.ts'
import type { DoneFault, Evidence } from './evidence.ts'
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

  const start = Date.now()
  const at = (ms: number) => sleep(Math.max(0, start + ms - Date.now()), undefined, { signal })
  const giveUp = new AbortController()
  const progress = createProgress(tasks.length, say)
  atEnd(progress.stop)

  const clients = tasks.map(async (task) => {
    await at(task.at)
    const patient = AbortSignal.any([signal, giveUp.signal])
    const client = { urls, key: testKey, run: `chaos-${seed}-${start}`, signal: patient }
    const seen = await runClient(task, client)
    if (seen.endedAt !== undefined) progress.taskEnded()
    return seen
  })
  const performed: Promise<DoneFault | string>[] = []
  // What a fault starts must have come up before it can be ended.
  atEnd(() => Promise.all(performed))
  async function breakThings() {
    for (const fault of plan) {
      await at(fault.at)
      const mishap = (error: unknown) => `${fault.kind}: ${String(error)}`
      performed.push(performFault(fault, house).catch(mishap))
    }
    const outcomes = await Promise.all(performed)
    say('all faults are over')
    const timer = setTimeout(() => giveUp.abort(), drainMs)
    atEnd(() => clearTimeout(timer))
    return outcomes
  }
  const [seen, outcomes] = await Promise.all([Promise.all(clients), breakThings()])
  progress.stop()

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
    faults: outcomes
      .filter((outcome) => typeof outcome !== 'string')
      .toSorted((a, b) => a.from - b.from),
    mishaps: outcomes.filter((outcome) => typeof outcome === 'string'),
    leftovers: await readLeftovers(house.control),
  }
}

/** Says every now and then how far it is. */
function createProgress(tasks: number, say: (text: string) => void) {
  const start = Date.now()
  let ended = 0
  const timer = setInterval(() => {
    const seconds = Math.round((Date.now() - start) / 1_000)
    say(`${seconds} s: ${ended} of ${tasks} tasks have ended`)
  }, 10_000)
  return {
    taskEnded() {
      ended += 1
    },
    stop: () => clearInterval(timer),
  }
}
