import {
  bytesInFlightWithin,
  createBytesInFlight,
  createConnections,
  createKnownQuotas,
  createUnknownKeys,
  createOpenStreams,
} from '@longhaul/core'
import { createVault } from '@longhaul/outbound'
import { exitWithReason, onShutdown } from '@longhaul/process'
import { startProcess } from '@longhaul/process/start'
import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { createApp } from './app.ts'
import { configuredKeys } from './auth/configured-keys.ts'
import { createGate } from './auth/gate.ts'
import { createBackground } from './background.ts'
import { apiVariables } from './config.ts'
import { createSessions } from './dashboard/sessions.ts'
import { startSession } from './health/start-session.ts'
import { createRefusals } from './http/refusal-log.ts'
import { createHttpServer, listen } from './http/server.ts'
import { createRefuseWork } from './load/refuse-work.ts'
import { reportStreams } from './load/report-streams.ts'
import { reportLoad } from './metrics.ts'
import { operatorRoutes, routes } from './routes/index.ts'
import { shutdownSteps } from './shutdown-steps.ts'
import { createVerbs } from './verbs.ts'

const started = await startProcess({ name: 'api', purpose: 'requests', variables: apiVariables })
const { config, log, reportError, metrics, heap, backend } = started
const { LONGHAUL_OPERATOR_KEY: operatorKey, LONGHAUL_DRAIN_MS: drainMs } = config
const background = createBackground(log)
const unknownKeys = createUnknownKeys({ now: Date.now })
const keys = configuredKeys(config, { backend, unknownKeys })
const vault = createVault(config.LONGHAUL_SECRET_KEY)
const quotas = createKnownQuotas({ now: performance.now.bind(performance), random: Math.random })
const shedAfterMs = config.LONGHAUL_SHED_AFTER
const refuseWork = createRefuseWork({ backend, quotas, shedAfterMs, random: Math.random, log })
const { wake, ...verbs } = createVerbs({
  config,
  backend,
  vault,
  background,
  refuseWork,
  log,
  onBeatError: (err) => reportError({ err }, 'redis did not take a beat of this process'),
})
const workspaces = config.LONGHAUL_API_KEYS.map(({ workspace }) => workspace)
const session = startSession({
  backend,
  keys,
  agents: verbs.agents,
  installation: { id: vault.keyId, workspaces },
  durable: !config.LONGHAUL_UNSAFE_REDIS,
  log,
  onFailure: (err) => reportError({ err }, 'redis is not ready for requests'),
})

const streams = createOpenStreams()
const streamCounts = backend.streamCounts(randomUUID())
const limitOf = async (workspace: string) => (await verbs.limits.effective(workspace)).streams
const report = (counts: ReadonlyMap<string, number>) => streamCounts.report(counts)
reportStreams({ streams, report, limitOf, log })
const connections = createConnections<Socket>({ total: config.LONGHAUL_MAX_CONNECTIONS })
const bytesInFlight = createBytesInFlight(bytesInFlightWithin(heap))
const load = { streams, connections, bytesInFlight }
reportLoad(metrics, { ...load, ...verbs, wake })
const refused = createRefusals({ log, metrics })
const [stopping, drained] = [new AbortController(), new AbortController()]
const app = createApp(
  {
    ...verbs,
    ...load,
    quotas,
    sessions: createSessions({ vault, usedLinks: backend.usedLinks, now: Date.now }),
    keys: createGate({ session, keys, backend, operatorKey, unknownKeys }),
    ready: () => session.whyNotReady(),
    refused,
    log,
    metrics,
    syncWaitMs: config.LONGHAUL_SYNC_WAIT,
    stopping: stopping.signal,
    drained: drained.signal,
  },
  operatorKey === undefined ? routes : [...routes, ...operatorRoutes],
  { trustProxy: config.TRUST_PROXY, origins: config.LONGHAUL_CORS_ORIGINS },
)
const limited = { ...app, serve: backend.limitRequests(app.serve) }
const onEvicted = () => refused('connections', {})
const server = createHttpServer(limited, { connections, onEvicted })
const address = await listen(server, config).catch((error: Error) => exitWithReason(error.message))
onShutdown(log, {
  steps: shutdownSteps({ stopping, drained, server, background, wake }, drainMs),
  // The supervisor waits two seconds longer than the grace period.
  withinMs: drainMs + 1_500,
})
log.info(address, 'api is listening')
