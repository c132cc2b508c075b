import {
  bytesInFlightWithin,
  createBytesInFlight,
  createConnections,
  createGuesses,
  createOpenStreams,
  LonghaulError,
} from '@longhaul/core'
import type { Socket } from 'node:net'
import {
  type BootstrapKey,
  createChance,
  createErrorLog,
  createLogger,
  createMetrics,
  giveUp,
  heapBytes,
  noDatabase,
  onShutdown,
  readConfig,
  reportStore,
} from '@longhaul/process'
import { createMcpClient, createNames, createVault, parseEgressAllow } from '@longhaul/outbound'
import {
  checkRedis,
  checkShards,
  claimNamespace,
  connect,
  createAgentRegistry,
  createBulk,
  createConversations,
  createIdempotencyKeys,
  createKeyStore,
  createMcpServerRegistry,
  createOperations,
  createPlanStore,
  createReviews,
  createTaskStore,
  createToolRegistry,
  createUpkeep,
  createStoreCheck,
  createWake,
  createWatchTokens,
  hintRegistryChanged,
  isMissingDatabase,
  isTaken,
  refusalCounts,
  type Role,
  useNamespace,
} from '@longhaul/redis'
import {
  createTasksOfDeletedAgent,
  createAgents,
  createKeys,
  createMcpServers,
  createOperator,
  createTasks,
  createTools,
  openWatchToken,
} from '@longhaul/tasks'
import { monotonicFactory } from 'ulid'
import { createApp } from './app.ts'
import { createBackground } from './background.ts'
import { apiVariables } from './config.ts'
import { createOperatorKey } from './auth/operator-key.ts'
import { lastKnown } from './health/last-known.ts'
import { openRedisSession } from './health/redis-session.ts'
import { createRefusals } from './http/refusal-log.ts'
import { operatorRoutes, routes } from './routes/index.ts'
import { createSeal } from './seal.ts'
import { closeHttpServer, createHttpServer, listen } from './http/server.ts'

const config = readConfig(apiVariables)
useNamespace(config.LONGHAUL_NAMESPACE)
const { LONGHAUL_SHARDS: shards, LONGHAUL_OPERATOR_KEY: operatorKey } = config
if (config.LONGHAUL_API_KEYS.some(({ key }) => key === operatorKey)) {
  giveUp('LONGHAUL_OPERATOR_KEY must be a key of its own, and is one of LONGHAUL_API_KEYS')
}
const log = createLogger({ name: 'api', level: config.LOG_LEVEL })
const reportError = createErrorLog(log)
const metrics = createMetrics()
const background = createBackground(log)
const chance = createChance()
const newId = monotonicFactory(chance.fraction)
const now = Date.now

/** Whether this process has been ready once, and whether it must go since its namespace was taken over. */
let served = false
let leaving = false
const connectAs = (role: Role) =>
  connect(config.REDIS_URL, {
    role,
    onError(error) {
      if (!served && isMissingDatabase(error)) giveUp(noDatabase(config.REDIS_URL))
      reportError({ err: error, role }, 'redis connection error')
    },
  })
const redis = connectAs('requests')
const bulkRedis = connectAs('bulk')
const bulk = createBulk(bulkRedis)
const store = createTaskStore(redis, { shards, bulk })
const upkeep = createUpkeep(redis, { bulk })
const guesses = createGuesses({ now })
const keys = keysOf(config.LONGHAUL_API_KEYS)
const vault = createVault(config.LONGHAUL_SECRET_KEY)
const seal = createSeal(vault)
const installation = {
  id: vault.keyId,
  workspaces: config.LONGHAUL_API_KEYS.map(({ workspace }) => workspace),
}
const hints = {
  changed(workspace: string) {
    agents.forget(workspace)
    background.run(() => hintRegistryChanged(redis))
  },
}
const registries = {
  agents: createAgentRegistry(redis, { bulk }),
  tools: createToolRegistry(redis, { bulk }),
  servers: createMcpServerRegistry(redis, { bulk }),
}
const plans = createPlanStore(redis, { bulk, heap: heapBytes() })
/** How long a turn may take in all, and how long an ended task is kept, milliseconds. */
const times = {
  turnDeadlineMs: config.LONGHAUL_TURN_DEADLINE,
  retentionMs: config.LONGHAUL_TASK_RETENTION,
}
const agents = createAgents({
  ...registries,
  ...times,
  plans,
  newId,
  now,
  seal,
  hints,
  tasksOfDeleted: createTasksOfDeletedAgent({ store, upkeep, shards }),
  leftOut: (left) => log.warn(left, 'mcp tools left out of an agent'),
})
const tools = createTools({ tools: registries.tools, newId, now, seal, hints })
const allow = parseEgressAllow(config.LONGHAUL_EGRESS_ALLOW)
const names = createNames()
const mcpServers = createMcpServers({
  servers: registries.servers,
  clientOf: (workspace) => createMcpClient({ allow, resolve: names.of(workspace) }),
  newId,
  now,
  seal,
  open: vault.open,
  hints,
  unusable: (found) => log.warn(found, 'mcp sync left tools out'),
})
const wake = createWake({
  connect: () => connectAs('wake'),
  shards,
  registryChanged: agents.clear,
})
metrics.gauge('longhaul_watchers', 'Callers that watch a task or wait for its end.', () =>
  wake.watching(),
)
const submits = {
  store,
  ...times,
  newId,
  newHex: (digits: number) => chance.hex(digits),
}
const watchTokens = createWatchTokens(redis)
const tasks = createTasks({
  ...submits,
  idempotency: createIdempotencyKeys(redis),
  conversations: createConversations(redis),
  agents,
  wake,
  shards,
  seal,
  watchTokens,
  now,
  plans,
  reviews: createReviews(redis, { shards, bulk }),
})

const operator = createOperator({
  ...submits,
  agents: registries.agents,
  plans,
  operations: createOperations(redis, { shards }),
  shards,
  lockMs: config.LONGHAUL_LOCK_MS,
})
metrics.gauge(
  'longhaul_shards_paused',
  'Shards of which workers take no new job.',
  lastKnown(() => operator.pausedShards()),
)
const isOperator = createOperatorKey(operatorKey, guesses)

const streams = createOpenStreams()
metrics.gauge('longhaul_open_streams', 'Streams and waiting requests.', streams.count)
const connections = createConnections<Socket>({ total: config.LONGHAUL_MAX_CONNECTIONS })
metrics.gauge('longhaul_connections', 'Connections of clients.', connections.count)
const refused = createRefusals({ log, metrics })

const trouble = createStoreCheck(redis, (onError) =>
  connect(config.REDIS_URL, { role: 'check', onError }),
)
reportStore(metrics, { trouble, refusals: refusalCounts })
const session = openRedisSession({
  redis,
  beside: [bulkRedis],
  trouble,
  async begin() {
    const problem = config.LONGHAUL_UNSAFE_REDIS ? undefined : await checkRedis(redis)
    if (problem !== undefined) giveUp(problem)
    const tooFewShards = await checkShards(redis, shards)
    // Only at the start: a process that has served so far goes on until it is replaced.
    if (tooFewShards !== undefined && !served) giveUp(tooFewShards)
    if (tooFewShards !== undefined) log.error({ why: tooFewShards }, 'too few shards')
    const foreign = await claimNamespace(redis, installation, { starting: !served })
    if (foreign !== undefined && !served) giveUp(foreign)
    if (foreign !== undefined) return leave(foreign)
    served = true
    agents.clear()
    await keys.restore()
  },
  isLost: async () => (await keys.isLost()) || (await isTaken(redis, installation)),
  onFailure: (error) => reportError({ err: error }, 'redis is not ready for requests'),
})

const bytesInFlight = createBytesInFlight(bytesInFlightWithin(heapBytes()))
metrics.gauge(
  'longhaul_bytes_in_flight',
  'Bytes of request bodies and large replies under way.',
  bytesInFlight.now,
)

const stopping = new AbortController()
const app = createApp(
  {
    keys: {
      async authenticate(bearer, address) {
        session.throwIfClosed()
        return await keys.authenticate(bearer, address)
      },
      async watching(token, address) {
        session.throwIfClosed()
        return await openWatchToken(token, { watchTokens, guesses, address })
      },
      isOperator(bearer, address) {
        session.throwIfClosed()
        return isOperator(bearer, address)
      },
    },
    ready: () => session.whyNotReady(),
    streams,
    connections,
    refused,
    log,
    metrics,
    bytesInFlight,
    agents,
    tools,
    mcpServers,
    tasks,
    operator,
    syncWaitMs: config.LONGHAUL_SYNC_WAIT,
    stopping: stopping.signal,
  },
  operatorKey === undefined ? routes : [...routes, ...operatorRoutes],
  { trustProxy: config.TRUST_PROXY, origins: config.LONGHAUL_CORS_ORIGINS },
)
const server = createHttpServer(app, {
  connections,
  onEvicted: () => refused('connections', {}),
})
const address = await listen(server, config).catch((error: Error) => giveUp(error.message))
onShutdown(log, {
  // A supervisor waits for two seconds beyond the grace.
  withinMs: config.LONGHAUL_DRAIN_MS + 1_500,
  steps: [
    {
      name: 'finish replies',
      deadlineMs: config.LONGHAUL_DRAIN_MS + 1_000,
      run() {
        stopping.abort()
        return closeHttpServer(server, config.LONGHAUL_DRAIN_MS)
      },
    },
    { name: 'enqueue what was accepted', run: () => background.settled() },
    { name: 'stop watching', run: () => wake.close() },
  ],
})
log.info(address, 'api is listening')

/** Another installation has taken the namespace: nothing of it may be touched any more. */
function leave(why: string): never {
  if (!leaving) {
    log.fatal({ why }, 'namespace taken over, shutting down')
    process.kill(process.pid, 'SIGTERM')
  }
  // A second signal would cut off the replies that are under way.
  leaving = true
  throw new LonghaulError('unavailable', 'This process is being shut down.')
}

function keysOf(list: BootstrapKey[]) {
  try {
    return createKeys({ keys: createKeyStore(redis), list, now, guesses })
  } catch (error) {
    if (error instanceof LonghaulError) giveUp(`LONGHAUL_API_KEYS: ${error.message}`)
    throw error
  }
}
