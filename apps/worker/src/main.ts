import {
  createRandomPool,
  createErrorLog,
  createLogger,
  createMetrics,
  exitWithReason,
  heapBytes,
  noCluster,
  noDatabase,
  onShutdown,
  readConfig,
  redisServer,
  reportStore,
  type ShutdownStep,
  startHealthServer,
} from '@longhaul/process'
import { createVault } from '@longhaul/outbound'
import {
  chooseShards,
  createBackend,
  refusalCounts,
  useDefaultLimits,
  useNamespace,
} from '@longhaul/redis'
import { ulid } from 'ulid'
import { createLiveBytes } from './capacity/live-bytes.ts'
import { workerVariables } from './config.ts'
import { startMaintenance } from './maintenance/start-maintenance.ts'
import { createCounters, reportLoad } from './metrics.ts'
import { createReadiness } from './readiness.ts'
import { reportCodeTools } from './report-code-tools.ts'
import { shutdownSteps } from './shutdown-steps.ts'
import { passStartChecks } from './start-checks.ts'
import { watchEventLoop } from './suspects/event-loop-watch.ts'
import { createSuspects } from './suspects/run-suspect.ts'
import { createTurnDeps } from './turn-deps.ts'
import { createCrashedTurns } from './turn/crashed-turns.ts'
import { createDrain } from './turn/drain.ts'
import { runTicket } from './turn/run-ticket.ts'

const environment = readConfig(workerVariables)
useNamespace(environment.LONGHAUL_NAMESPACE)
const log = createLogger({ name: 'worker', level: environment.LOG_LEVEL })
const reportError = createErrorLog(log)
const redis = redisServer(environment)
const shards = await chooseShards(redis, {
  configured: environment.LONGHAUL_SHARDS,
  onError: (err) => reportError({ err }, 'redis connection error'),
})
const config = { ...environment, LONGHAUL_SHARDS: shards }
// The processes of suspects have the same number.
process.env['LONGHAUL_SHARDS'] = String(shards)
useDefaultLimits(config.LONGHAUL_LIMITS, shards)
const { LONGHAUL_LOCK_MS: lockMs, LONGHAUL_DRAIN_MS: drainMs } = config
const metrics = createMetrics()
const steps: ShutdownStep[] = []
// The supervisor waits two seconds longer than the grace period.
onShutdown(log, { steps, withinMs: drainMs + 1_500 })

const worker = ulid()
const heap = heapBytes()
const vault = createVault(config.LONGHAUL_SECRET_KEY)
const installation = { id: vault.keyId }
const backend = createBackend({
  server: redis,
  purpose: 'work',
  shards,
  worker,
  ageingMs: config.LONGHAUL_PRIORITY_AGEING,
  heap,
  operatorRates: config.LONGHAUL_MODEL_LIMITS,
  onMissingDatabase: () => exitWithReason(noDatabase(config.REDIS_URL)),
  onNoCluster: () => exitWithReason(noCluster),
  onError: (err, role) => reportError({ err, role }, 'redis connection error'),
})
const readiness = createReadiness(backend.storeCheck)
const health = await startHealthServer({
  host: config.HOST,
  port: config.WORKER_PORT,
  ready: () => readiness.whyNotReady(),
  metrics,
  log,
})
reportStore(metrics, { trouble: backend.storeCheck, refusals: refusalCounts })
await passStartChecks(backend, {
  installation,
  durable: !config.LONGHAUL_UNSAFE_REDIS,
  failed(err) {
    reportError({ err }, 'redis is not ready for work')
    readiness.waitFor(err instanceof Error ? err.message : String(err))
  },
})

const codeMemory = config.LONGHAUL_CODE_MEMORY
const parts = createTurnDeps({
  config,
  backend,
  vault,
  random: createRandomPool(),
  codeMemory,
  log,
})
const { turnDeps, newTurns, python, providers } = parts
const counters = createCounters(metrics, { providers })
const drain = createDrain()
const live = createLiveBytes(heap)
const eventLoop = watchEventLoop({ lockMs, blocked: counters.blocked })
const suspects = createSuspects({ ...turnDeps, ...counters, worker })
reportLoad(metrics, { drain, live, suspects })
const wake = backend.openWake({ notifications: 'cancels' })
const { isDraining } = drain
const slots = config.LONGHAUL_CONCURRENCY
const own = { worker, slots, installation, shards, lockMs, log, isDraining }
const hasFreeSlot = () => drain.running() < slots
const maintenance = startMaintenance({ backend, counters, newTurns, hasFreeSlot, ...own })
const crashed = createCrashedTurns()
const deps = { ...turnDeps, ...counters, ...eventLoop, wake, drain, live, suspects, crashed }
const consumers = backend.openConsumers({
  concurrency: slots,
  lockMs,
  run: (slot) => runTicket(slot, deps),
  onError: (err) => reportError({ err }, 'queue error'),
  onLockLost: (err) => log.debug({ err }, 'ticket returned to the queue'),
})
const running = { ...maintenance, ...backend, drain, suspects, consumers, eventLoop, wake, health }
steps.push(...shutdownSteps(running, drainMs))
readiness.run(running)
log.info({ port: health.port, concurrency: slots }, 'worker is ready')
await reportCodeTools(python, log)
