import { limits, type ModelFailed, type Status } from '@longhaul/core'
import { createVault } from '@longhaul/outbound'
import {
  createRandomPool,
  createErrorLog,
  createLogger,
  heapBytes,
  readConfig,
  redisServer,
} from '@longhaul/process'
import { createBackend, useDefaultLimits, useNamespace } from '@longhaul/redis'
import { Worker } from 'node:worker_threads'
import { createLiveBytes } from '../capacity/live-bytes.ts'
import { workerVariables } from '../config.ts'
import { createTurnDeps } from '../turn-deps.ts'
import { createDrain } from '../turn/drain.ts'
import { claimAlone } from '../turn/claim-turn.ts'
import { runTurn } from '../turn/run-turn.ts'
import { watchEventLoop } from './event-loop-watch.ts'
import type { SuspectMessage, SuspectOutcome, WorkerMessage } from './messages.ts'

/**
 * The process of a suspect. Its worker starts it with the arguments task, turn, attempt and the worker's id.
 * It runs only that turn, until the turn has ended, is parked, or has recorded something.
 */
const [taskId = '', turn = '', attemptId = '', worker = ''] = process.argv.slice(2)

const config = readConfig(workerVariables)
useNamespace(config.LONGHAUL_NAMESPACE)
const { LONGHAUL_LOCK_MS: lockMs, LONGHAUL_SHARDS: shards = 1 } = config
useDefaultLimits(config.LONGHAUL_LIMITS, shards)
const log = createLogger({ name: 'worker', level: config.LOG_LEVEL }).child({ suspect: taskId })
const reportError = createErrorLog(log)

// The worker also receives the signal and sends a message.
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
// This works even if the event loop is blocked.
new Worker(new URL('end-with-parent.ts', import.meta.url), { workerData: process.ppid }).unref()
// From now on a blocked event loop is detected.
send({ type: 'beat' })
const beats = setInterval(() => send({ type: 'beat' }), lockMs / 4)

const heap = heapBytes()
const backend = createBackend({
  server: redisServer(config),
  purpose: 'work',
  shards,
  worker,
  ageingMs: config.LONGHAUL_PRIORITY_AGEING,
  search: config.LONGHAUL_SEARCH,
  heap,
  operatorRates: config.LONGHAUL_MODEL_LIMITS,
  onError: (error, role) => reportError({ err: error, role }, 'redis connection error'),
})
const { turnDeps } = createTurnDeps({
  config,
  backend,
  vault: createVault(config.LONGHAUL_SECRET_KEY),
  random: createRandomPool(),
  // The memory of one call. The worker counts its own memory separately.
  codeMemory: Math.min(config.LONGHAUL_CODE_MEMORY, limits.code.memory / (1024 * 1024)),
  log,
})
const eventLoop = watchEventLoop({ lockMs, blocked: () => log.warn('event loop was blocked') })
const end: SuspectOutcome = {}
const live = createLiveBytes(heap)
const deps = {
  ...turnDeps,
  wake: backend.openWake({ notifications: 'cancels' }),
  drain,
  live,
  suspects: undefined,
  wasBlocked: eventLoop.wasBlocked,
  ended: (status: Status) => void (end.ended = status),
  parked: () => void (end.parked = true),
  retried: (model: string, failure: ModelFailed) => send({ type: 'retried', model, failure }),
}
try {
  const ref = { taskId, turn: Number(turn) }
  const claimed = await claimAlone(ref, attemptId, { ...turnDeps, logs: live.logs })
  if (claimed !== undefined) await runTurn(claimed, () => undefined, deps)
} catch (error) {
  // This is no crash: the turn is taken over when its lease has expired, as with any worker.
  log.error({ err: error }, 'turn failed unexpectedly')
}
clearInterval(beats)
send({ type: 'outcome', ...end }, () => process.exit(0))

function send(message: SuspectMessage, done: () => void = () => {}): void {
  if (process.connected) process.send?.(message, undefined, undefined, done)
  else done()
}
