import { createVault } from '@longhaul/outbound'
import {
  createRandomPool,
  onShutdown,
  type ShutdownStep,
  startHealthServer,
} from '@longhaul/process'
import { startProcess } from '@longhaul/process/start'
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
import { startWebhooks } from './webhooks/start-webhooks.ts'

const worker = ulid()
const started = await startProcess({
  name: 'worker',
  purpose: 'work',
  worker,
  variables: workerVariables,
})
const { config, log, reportError, metrics, heap, backend, shards } = started
// The processes of suspects have the same number.
process.env['LONGHAUL_SHARDS'] = String(shards)
const { LONGHAUL_LOCK_MS: lockMs, LONGHAUL_DRAIN_MS: drainMs } = config
const steps: ShutdownStep[] = []
// The supervisor waits two seconds longer than the grace period.
onShutdown(log, { steps, withinMs: drainMs + 1_500 })

const vault = createVault(config.LONGHAUL_SECRET_KEY)
const installation = { id: vault.keyId }
const readiness = createReadiness(backend.storeCheck)
const health = await startHealthServer({
  host: config.HOST,
  port: config.WORKER_PORT,
  ready: () => readiness.whyNotReady(),
  metrics,
  log,
})
await passStartChecks(backend, {
  installation,
  durable: !config.LONGHAUL_UNSAFE_REDIS,
  failed(err) {
    reportError({ err }, 'redis is not ready for work')
    readiness.waitFor(err instanceof Error ? err.message : String(err))
  },
})

const codeMemory = config.LONGHAUL_CODE_MEMORY
const random = createRandomPool()
const parts = createTurnDeps({ config, backend, vault, random, codeMemory, log })
const { turnDeps, python, providers } = parts
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
const maintenance = startMaintenance({ backend, counters, parts, config, hasFreeSlot, ...own })
const crashed = createCrashedTurns()
const deps = { ...turnDeps, ...counters, ...eventLoop, wake, drain, live, suspects, crashed }
const consumers = backend.openConsumers({
  concurrency: slots,
  lockMs,
  run: (slot) => runTicket(slot, deps),
  onError: (err) => reportError({ err }, 'queue error'),
  onLockLost: (err) => log.debug({ err }, 'ticket returned to the queue'),
})
const webhooks = startWebhooks({
  ...parts.sending,
  ...counters,
  backend,
  metrics,
  lockMs,
  reportError,
})
const services = { drain, suspects, webhooks, consumers, eventLoop, wake, health }
const running = { ...maintenance, ...backend, ...services }
steps.push(...shutdownSteps(running, drainMs))
readiness.run(running)
log.info({ port: health.port, concurrency: slots }, 'worker is ready')
await reportCodeTools(python, log)
