import { testKey } from '@longhaul/testbed/servers'
import { performPlan } from './faults/perform-plan.ts'
import { runClient } from './clients/run-client.ts'
import { startClock } from './faults/schedule-clock.ts'
import type { Evidence } from './evidence/evidence.ts'
import { impossible, type PlannedKind } from './faults/fault-kinds.ts'
import { canFillDisks } from './cluster/full-disk.ts'
import { startChaosCluster } from './cluster/chaos-cluster.ts'
import type { AtEnd } from './cluster/at-end.ts'
import { findPressures } from './faults/memory-pressure.ts'
import { kindsOf, planFaults } from './faults/plan-faults.ts'
import { spreadPoison } from './faults/poison.ts'
import { createProgress } from './progress.ts'
import { readFinalStates } from './evidence/read-final-states.ts'
import { readLeftovers } from './evidence/read-leftovers.ts'
import { type Approvals, approveCalls } from './clients/approve-calls.ts'
import { awaitEvents } from './events/await-events.ts'
import { createEndpoints } from './events/create-endpoints.ts'
import { expectedEvents } from './events/expected-events.ts'
import { continueConcurrently } from './clients/concurrent-continuations.ts'
import { scriptTasks } from './tasks/script-tasks.ts'
import { createAgents } from './cluster/create-agents.ts'
import { readSlotHolds } from './evidence/slot-holds.ts'
import { keyOf, workspaceKeys } from './tasks/workspaces.ts'
import { watchStalls } from './cluster/watch-stalls.ts'
import { findMissingFacts } from './store/missing-facts.ts'
import type { RedisForm } from './store/redis-form.ts'

export type RunOptions = {
  seed: number
  tasks: number
  seconds: number
  workers: number
  /** The least number of killed workers. */
  kills: number
  /** The number of poisonous tasks. */
  poisons: number
  /** The number of tasks that two clients continue at once. */
  continuationPairs: number
  /** The form of Redis; a single server by default. */
  form?: RedisForm
  /** The kinds of faults to leave out. */
  without?: readonly PlannedKind[]
  signal: AbortSignal
  say: (text: string) => void
}

/** The time that tasks have to end after the last fault. */
const drainMs = 60_000

/** Starts a cluster, runs tasks and faults on it, waits for their end, and returns the evidence. */
export async function run(
  options: RunOptions,
  atEnd: AtEnd,
): Promise<Evidence & { logs: ReadonlyMap<string, string[]> }> {
  const { seed, workers, kills, poisons, signal, say } = options
  const fullDisks = await canFillDisks()
  if (!fullDisks) say('without "Redis disk full", which needs prlimit and the env of GNU')
  const { form = 'server' } = options
  const without = [
    ...(options.without ?? []),
    ...impossible[form],
    ...(fullDisks ? [] : (['Redis disk full'] as const)),
  ]
  const plan = planFaults({ seed, ms: options.seconds * 1_000, kills, poisons, without })
  const { ms } = plan
  const tasks = scriptTasks({ ...plan, seed, tasks: options.tasks })
  const smallHeaps = plan.pressures.length > 0 ? workers : 0
  const cluster = await startChaosCluster({ apis: 2, workers, smallHeaps, fullDisks, form }, atEnd)
  await cluster.limits.spread('chaos')
  const urls = cluster.apis.map(({ proxy }) => proxy.url)
  await createAgents(urls[0] ?? '', cluster.vendors.toolsUrl)
  const endpoints = await createEndpoints(urls[0] ?? '', cluster.receiver.url)
  const { deaths, troubles, outages, changes } = plan
  const faults = [deaths, troubles, outages, changes].flat().length
  say(`seed ${seed}: ${tasks.length} tasks and ${faults} faults in ${Math.ceil(ms / 1_000)} s`)

  const clock = startClock(signal)
  const drained = new AbortController()
  const callers = { urls, key: testKey, signal: AbortSignal.any([signal, drained.signal]) }
  const how = {
    ...callers,
    run: `chaos-${seed}-${Date.now()}`,
    onRequest: cluster.vendors.onRequest,
  }
  const stalls = watchStalls(cluster, atEnd)
  const poisonous = tasks.filter((task) => task.poisonous)
  const poison = spreadPoison(
    cluster,
    new Map(poisonous.map(({ number, steps }) => [number, steps.length])),
  )
  const progress = createProgress(tasks.length, say)
  atEnd(progress.stop)

  const over = new AbortController()
  const unheardOf: string[] = []
  const approvers = { ...callers, signal: AbortSignal.any([callers.signal, over.signal]) }
  const approving = Object.values(workspaceKeys).map((key) =>
    approveCalls({ ...approvers, key }, unheardOf),
  )

  const clients = tasks.map(async (task) => {
    await clock.at(task.at)
    if (task.poisonous === true) poison.begin(task.number)
    const seen = await runClient(task, { ...how, key: keyOf(task) })
    if (task.poisonous === true) poison.end(task.number)
    if (seen.endedAt !== undefined) progress.taskEnded()
    return seen
  })
  const continuations = Array.from({ length: options.continuationPairs }, async (_, place) => {
    await clock.at((place * ms) / options.continuationPairs)
    return await continueConcurrently({
      ...how,
      number: tasks.length + place + 1,
      sameKey: place % 2 === 0,
      forks: place % 4 > 1,
    })
  })
  async function breakAll() {
    const outcomes = await performPlan(plan, { cluster, poison, clock, signal, atEnd })
    say('all faults are over')
    const timer = setTimeout(() => drained.abort(), drainMs)
    atEnd(() => clearTimeout(timer))
    return outcomes
  }
  const [seen, contested, outcomes] = await Promise.all([
    Promise.all(clients),
    Promise.all(continuations),
    breakAll(),
  ])
  progress.stop()
  over.abort()
  const approvals = Object.assign({}, ...(await Promise.all(approving))) as Approvals

  const ids = [
    ...tasks.map(({ agent, workspace }, place) => {
      // After a loss, a repeat of the request may have made another one.
      return { agent, workspace, taskId: seen[place]?.ids.at(-1)?.taskId }
    }),
    ...contested.map(({ taskId }) => ({ taskId })),
  ]
  const finals = await readFinalStates(ids, { url: urls[0] ?? '', cluster })
  const evidences = tasks.map((script, place) => {
    const client = seen[place]
    if (client === undefined) throw new Error(`task ${script.number} has no client`)
    return { script, client, final: finals[place] }
  })
  const continuationPairs = contested.map((each, place) => ({
    ...each,
    final: finals[seen.length + place],
  }))
  const { failovers } = cluster
  const { received } = cluster.receiver
  await awaitEvents(expectedEvents({ tasks: evidences, continuationPairs, failovers }), {
    url: urls[0] ?? '',
    endpoints,
    received,
    recovers: failovers.length > 0,
  })
  const { asked } = cluster.vendors
  const pressures = findPressures(evidences, { asked, small: cluster.smallHeapOnes })
  const done = [...outcomes.done, ...poison.done, ...pressures, ...cluster.losses]
  return {
    logs: cluster.logs,
    tasks: evidences,
    continuationPairs,
    events: [...received],
    asked: [...asked],
    served: [...cluster.vendors.served],
    approvals,
    planned: kindsOf(plan),
    faults: [...done, ...(await stalls.besides(done))].toSorted((a, b) => a.from - b.from),
    mishaps: [...outcomes.mishaps, ...poison.mishaps, ...cluster.mishaps, ...unheardOf],
    leftovers: await readLeftovers(cluster.control, cluster.redis.shards),
    holds: await readSlotHolds(cluster),
    limitChanges: [...cluster.limits.changes],
    failovers: failovers.map(({ from, to, lost, lostRequests }) => {
      return { from, to, lost, lostRequests }
    }),
    receivedLost: await findMissingFacts(cluster),
  }
}
