import { limits, type Status } from '@longhaul/core'
import { createVault } from '@longhaul/outbound'
import {
  createChance,
  createErrorLog,
  createLogger,
  heapBytes,
  readConfig,
} from '@longhaul/process'
import {
  connect,
  createBulk,
  createTaskStore,
  createWake,
  type Role,
  useNamespace,
} from '@longhaul/redis'
import { Worker } from 'node:worker_threads'
import { monotonicFactory } from 'ulid'
import { workerVariables } from '../config.ts'
import { createDrain } from '../turn/drain.ts'
import { createLiveBytes } from '../capacity/live-bytes.ts'
import type { SuspectMessage, SuspectOutcome, WorkerMessage } from './run-suspect.ts'
import { runTurn } from '../turn/run-turn.ts'
import { createTurnParts } from '../turn-deps.ts'
import { watchLoop } from './event-loop-watch.ts'

/**
 * The process of a suspect, which its worker starts with the words: task, turn, segment, attempt, the worker's id. It runs
 * that turn and nothing else, until it has ended, parked, or recorded something.
 */
const [taskId = '', turn = '', segment = '', attemptId = '', worker = ''] = process.argv.slice(2)

const config = readConfig(workerVariables)
useNamespace(config.LONGHAUL_NAMESPACE)
const { LONGHAUL_LOCK_MS: lockMs, LONGHAUL_SHARDS: shards } = config
const log = createLogger({ name: 'worker', level: config.LOG_LEVEL }).child({ suspect: taskId })
const reportError = createErrorLog(log)

// The worker is told to go, and tells.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => {})
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    log.fatal({ err: error }, event)
    process.exit(1)
  })
}

const drain = createDrain()
process.on('message', ({ graceMs }: WorkerMessage) => drain.begin(graceMs))
process.on('disconnect', () => {
  // The worker has died: release the turn, so that another worker continues it.
  drain.begin(0)
  setTimeout(() => process.exit(1), limits.suspects.farewell)
})
// Also when the event loop does not turn.
new Worker(new URL('end-with-parent.ts', import.meta.url), { workerData: process.ppid }).unref()
// From now on a loop that stands still is noticed.
tell({ type: 'beat' })
const beats = setInterval(() => tell({ type: 'beat' }), lockMs / 4)

const connectAs = (role: Role) =>
  connect(config.REDIS_URL, {
    role,
    onError: (error) => reportError({ err: error, role }, 'redis connection error'),
  })
const redis = connectAs('work')
const bulk = createBulk(connectAs('bulk'), { patient: true })
const store = createTaskStore(redis, { worker, bulk })
const chance = createChance()
const heap = heapBytes()
const { turnDeps } = createTurnParts({
  config,
  redis,
  bulk,
  store,
  vault: createVault(config.LONGHAUL_SECRET_KEY),
  chance,
  newId: monotonicFactory(chance.fraction),
  // What one call may hold: the worker counts its own beside it.
  codeMemory: Math.min(config.LONGHAUL_CODE_MEMORY, limits.code.memory / (1024 * 1024)),
  heap,
  log,
})
const loop = watchLoop({ lockMs, blocked: () => log.warn('the event loop was blocked') })
const end: Omit<SuspectOutcome, 'outcome'> = {}
const outcome = await runTurn(
  { taskId, turn: Number(turn), segment: Number(segment) },
  // BullMQ's lock is the worker's.
  { extend: () => Promise.resolve(true) },
  {
    ...turnDeps,
    wake: createWake({ connect: () => connectAs('wake'), shards, hints: 'cancels' }),
    drain,
    live: createLiveBytes(heap),
    suspects: undefined,
    wasBlocked: loop.wasBlocked,
    ended(status: Status) {
      end.ended = status
    },
    parked() {
      end.parked = true
    },
    retried(model, failure) {
      tell({ type: 'retried', model, failure })
    },
  },
  attemptId,
).catch((error: unknown) => {
  // No death: the turn is taken up when its lease has run out, as in any worker.
  log.error({ err: error }, 'turn failed unexpectedly')
  return { type: 'done' as const }
})
clearInterval(beats)
tell({ type: 'outcome', outcome, ...end }, () => process.exit(0))

function tell(message: SuspectMessage, done: () => void = () => {}): void {
  if (process.connected) process.send?.(message, undefined, undefined, done)
  else done()
}
