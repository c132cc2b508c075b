import { codeOf, type Status } from '@longhaul/core'
import {
  createChance,
  createErrorLog,
  createLogger,
  createMetrics,
  heapBytes,
  giveUp,
  noDatabase,
  type NotReady,
  onShutdown,
  readConfig,
  reportStore,
  type ShutdownStep,
  startHealthServer,
} from '@longhaul/process'
import { createVault } from '@longhaul/outbound'
import {
  checkRedis,
  checkShards,
  claimNamespace,
  connect,
  createBulk,
  createConsumer,
  createOperations,
  createQueue,
  createStoreCheck,
  createTaskStore,
  createUpkeep,
  createWake,
  isMissingDatabase,
  refusalCounts,
  type Role,
  useNamespace,
} from '@longhaul/redis'
import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicFactory } from 'ulid'
import { workerVariables } from './config.ts'
import { createDrain } from './turn/drain.ts'
import { createLiveBytes } from './capacity/live-bytes.ts'
import { startPresence } from './maintenance/liveness.ts'
import { redrive } from '@longhaul/tasks'
import { startRedriver } from './maintenance/redrive.ts'
import { startPurger } from './maintenance/purge.ts'
import { startReconciler } from './maintenance/reconcile.ts'
import { reportCodeTools } from './report-code-tools.ts'
import { createSuspects } from './suspects/run-suspect.ts'
import { runTurn, type TurnDeps } from './turn/run-turn.ts'
import { createTurnParts } from './turn-deps.ts'
import { watchLoop } from './suspects/event-loop-watch.ts'
import { watchShards } from './maintenance/check-namespace.ts'

const config = readConfig(workerVariables)
useNamespace(config.LONGHAUL_NAMESPACE)
const { LONGHAUL_LOCK_MS: lockMs, LONGHAUL_DRAIN_MS: drainMs, LONGHAUL_SHARDS: shards } = config
const log = createLogger({ name: 'worker', level: config.LOG_LEVEL })
const reportError = createErrorLog(log)
const metrics = createMetrics()

const goodbye: ShutdownStep[] = []
// A supervisor waits for two seconds beyond the grace.
onShutdown(log, { steps: goodbye, withinMs: drainMs + 1_500 })

/** Whether Redis has been found to serve. */
let started = false
const connectAs = (role: Role) =>
  connect(config.REDIS_URL, {
    role,
    onError(error) {
      if (!started && isMissingDatabase(error)) giveUp(noDatabase(config.REDIS_URL))
      reportError({ err: error, role }, 'redis connection error')
    },
  })
const redis = connectAs('work')
const trouble = createStoreCheck(redis, (onError) =>
  connect(config.REDIS_URL, { role: 'check', onError }),
)
let whyNotReady = (): NotReady | undefined => ({ reason: 'Redis has not been reached yet' })
const health = await startHealthServer({
  host: config.HOST,
  port: config.WORKER_PORT,
  async ready() {
    const found = await trouble()
    return found === undefined ? whyNotReady() : { code: codeOf(found), reason: found.message }
  },
  metrics,
  log,
})
reportStore(metrics, { trouble, refusals: refusalCounts })
const problem = config.LONGHAUL_UNSAFE_REDIS ? undefined : await untilAnswered(checkRedis)
if (problem !== undefined) giveUp(problem)
const tooFewShards = await untilAnswered((of) => checkShards(of, shards))
if (tooFewShards !== undefined) giveUp(tooFewShards)
const vault = createVault(config.LONGHAUL_SECRET_KEY)
const installation = { id: vault.keyId }
const foreign = await untilAnswered((of) => claimNamespace(of, installation, { starting: true }))
if (foreign !== undefined) giveUp(foreign)
started = true

const chance = createChance()
const newId = monotonicFactory(chance.fraction)
const worker = newId()
// The turns that run here are bounded in number: none of their transfers is refused.
const bulkRedis = connectAs('bulk')
const bulk = createBulk(bulkRedis, { patient: true })
const store = createTaskStore(redis, { worker, bulk })
const upkeep = createUpkeep(redis, { worker, bulk })
// Not a connection that gives up: the first pass after an outage would find it not yet back.
const queue = createQueue(redis, shards)
const wake = createWake({ connect: () => connectAs('wake'), shards, hints: 'cancels' })
const drain = createDrain()
const heap = heapBytes()
const live = createLiveBytes(heap)

const ended = metrics.counter('longhaul_turns_ended_total', 'Turns that ended here.', ['status'])
const mended = metrics.counter('longhaul_repairs_total', 'What the reconciler mended.', ['kind'])
const parked = metrics.counter(
  'longhaul_turns_parked_total',
  'Turns that gave up their worker here, to wait.',
)
const resumed = metrics.counter(
  'longhaul_turns_resumed_total',
  'Parked turns that were queued again here.',
)
const purged = metrics.counter('longhaul_tasks_purged_total', 'Tasks purged after their retention.')
const redriven = metrics.counter('longhaul_redriven_total', 'Failed turns that went on.')
const killers = metrics.counter(
  'longhaul_suspect_deaths_total',
  'Processes that ran one turn alone and died or stood still.',
)
const blocked = metrics.counter(
  'longhaul_event_loop_blocked_total',
  'Times that the event loop was blocked for half of the lock.',
)
metrics.gauge('longhaul_turns_running', 'Turns that run here now.', drain.running)
metrics.gauge(
  'longhaul_live_bytes',
  'Bytes of logs, tool results, files and requests that are held here now.',
  live.now,
)
metrics.gauge(
  'longhaul_waiting_for_room',
  'Turns and calls that wait here for room in memory.',
  live.waiting,
)

const retries = metrics.counter(
  'longhaul_model_retries_total',
  'Model calls that were repeated, or made of another model, after one that failed.',
  ['provider', 'status'],
)

const { plans, registries, turns, python, turnDeps, providers } = createTurnParts({
  config,
  redis,
  bulk,
  store,
  vault,
  chance,
  newId,
  codeMemory: config.LONGHAUL_CODE_MEMORY,
  heap,
  log,
})
const loop = watchLoop({ lockMs, blocked: () => blocked.inc() })
const ends = {
  ended: (status: Status) => ended.inc({ status }),
  parked: () => parked.inc(),
  retried: (model: string, { status }: { status?: number }) => {
    const provider = model.slice(0, model.indexOf('/'))
    // A caller may name any provider.
    const known = providers.has(provider) ? provider : 'unknown'
    retries.inc({ provider: known, status: String(status ?? 'none') })
  },
}
const suspects = createSuspects({
  store,
  worker,
  lockMs,
  newId,
  log,
  ...ends,
  died: () => killers.inc(),
})
metrics.gauge(
  'longhaul_suspects_running',
  'Turns that run in processes of their own, since workers have died of them.',
  suspects.running,
)
const deps: TurnDeps = {
  ...turnDeps,
  ...ends,
  wake,
  drain,
  live,
  suspects,
  wasBlocked: loop.wasBlocked,
}
const shardWatch = watchShards({
  async check() {
    const taken = await claimNamespace(redis, installation, { starting: false })
    if (taken !== undefined && !drain.isDraining()) {
      // Its jobs are another installation's.
      log.fatal({ why: taken }, 'namespace taken over, shutting down')
      process.kill(process.pid, 'SIGTERM')
    }
    await queue.restoreMeta()
    return await checkShards(redis, shards)
  },
  everyMs: lockMs / 2,
  log,
})
const presence = startPresence({ upkeep, worker, shards, lockMs, log })
const consumers = Array.from({ length: shards }, (_, shard) =>
  createConsumer({
    redis: connectAs('queue'),
    shard,
    concurrency: Math.ceil(config.LONGHAUL_CONCURRENCY / shards),
    lockMs,
    run: (job, lock) => runTurn(job, lock, deps),
    onError: (error) => reportError({ err: error }, 'queue error'),
  }),
)
const reconciler = startReconciler({
  store,
  upkeep,
  queue,
  shards,
  everyMs: lockMs / 2,
  log,
  mended: (kind, count) => mended.inc({ kind }, count),
  resumed: (count) => resumed.inc(count),
})
const purger = startPurger({
  upkeep,
  shards,
  everyMs: lockMs / 2,
  log,
  purged: (count) => purged.inc(count),
})
const redrivePorts = { store, agents: registries.agents, plans, ...turns }
const redriver = startRedriver({
  operations: createOperations(redis, { shards }),
  redrive: (id) => redrive(id, redrivePorts),
  shards,
  log,
  redriven: () => redriven.inc(),
})
goodbye.push(
  {
    name: 'hand back what runs',
    // What a Redis that is away does not take back by then is taken when its lease runs out.
    deadlineMs: drainMs + 1_000,
    async run() {
      drain.begin(drainMs)
      suspects.drain(drainMs)
      await Promise.all(consumers.map((consumer) => consumer.close()))
    },
  },
  { name: 'leave', run: () => presence.stop(), deadlineMs: 200 },
  { name: 'stop watching the event loop', run: loop.stop },
  { name: 'stop redriving', run: () => redriver.stop() },
  { name: 'stop mending', run: () => reconciler.stop() },
  { name: 'stop checking shards', run: () => shardWatch.stop() },
  { name: 'stop purging', run: () => purger.stop() },
  { name: 'stop watching', run: () => wake.close() },
  { name: 'stop listening', run: health.close },
)
// A claim loop turns, and a pass of the reconciler came through lately.
whyNotReady = () => {
  if (drain.isDraining()) return { reason: 'the worker is going away' }
  const tooFew = shardWatch.problem()
  if (tooFew !== undefined) return { reason: tooFew }
  if (reconciler.age() > 3 * lockMs)
    return { reason: 'no pass of the reconciler has succeeded lately: see the log' }
  if (bulkRedis.status !== 'ready')
    return { reason: `the connection for large values is ${bulkRedis.status}` }
  const reason = consumers.map((consumer) => consumer.trouble()).find((each) => each !== undefined)
  return reason === undefined ? undefined : { reason }
}
log.info({ port: health.port, concurrency: config.LONGHAUL_CONCURRENCY }, 'worker is ready')
await reportCodeTools(python, log)

/** A Redis that is loading, or refuses the password, is asked again: somebody is at work on it. */
async function untilAnswered<T>(ask: (of: typeof redis) => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask(redis)
    } catch (error) {
      reportError({ err: error }, 'redis is not ready for work')
      const reason = error instanceof Error ? error.message : String(error)
      whyNotReady = () => ({ reason })
      await sleep(1_000)
    }
  }
}
