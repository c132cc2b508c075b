import {
  createChance,
  createLogger,
  createMetrics,
  giveUp,
  onShutdown,
  readConfig,
} from '@longhaul/process'
import { createVault } from '@longhaul/outbound'
import {
  checkRedis,
  connect,
  createAgentRegistry,
  createIdempotencyKeys,
  createKeyStore,
  createPlanStore,
  createTaskStore,
  createToolRegistry,
  createUpkeep,
  createWake,
  hintRegistryChanged,
  type Role,
} from '@longhaul/redis'
import { agentDeleted, createAgents, createKeys, createTasks, createTools } from '@longhaul/tasks'
import { monotonicFactory } from 'ulid'
import { createApp } from './app.ts'
import { createBackground } from './background.ts'
import { apiVariables } from './config.ts'
import { openRedisSession } from './redis-session.ts'
import { routes } from './routes/index.ts'
import { createSeal } from './seal.ts'
import { closeHttpServer, createHttpServer, listen } from './server.ts'

const config = readConfig(apiVariables)
const shards = config.LONGHAUL_SHARDS
const log = createLogger({ name: 'api', level: config.LOG_LEVEL })
const metrics = createMetrics()
const background = createBackground(log)
const chance = createChance()
const newId = monotonicFactory(chance.fraction)
const now = Date.now

const connectAs = (role: Role) =>
  connect(config.REDIS_URL, {
    role,
    onError: (error) => log.warn({ err: error, role }, 'trouble with Redis'),
  })
const redis = connectAs('requests')
const store = createTaskStore(redis, { shards })
const upkeep = createUpkeep(redis)
const keys = createKeys({ keys: createKeyStore(redis), now })
const seal = createSeal(createVault(config.LONGHAUL_SECRET_KEY))
const hints = {
  changed(workspace: string) {
    agents.forget(workspace)
    background.run(() => hintRegistryChanged(redis))
  },
}
const registries = { agents: createAgentRegistry(redis), tools: createToolRegistry(redis) }
const agents = createAgents({
  ...registries,
  plans: createPlanStore(redis),
  newId,
  now,
  seal,
  hints,
  cancelTasksOf: (agentId) => agentDeleted(agentId, { store, upkeep, shards }),
})
const tools = createTools({ tools: registries.tools, newId, now, seal, hints })
const wake = createWake({
  connect: () => connectAs('wake'),
  shards,
  registryChanged: agents.clear,
})
const tasks = createTasks({
  store,
  idempotency: createIdempotencyKeys(redis),
  agents,
  wake,
  upkeep,
  shards,
  turnDeadlineMs: config.LONGHAUL_TURN_DEADLINE,
  retentionMs: config.LONGHAUL_TASK_RETENTION,
  seal,
  newId,
  newHex: (digits) => chance.hex(digits),
})

const session = openRedisSession({
  redis,
  async begin() {
    const problem = config.LONGHAUL_UNSAFE_REDIS ? undefined : await checkRedis(redis)
    if (problem !== undefined) giveUp(problem)
    agents.clear()
    await keys.bootstrap(config.LONGHAUL_API_KEYS)
  },
  onFailure: (error) => log.warn({ err: error }, 'Redis is not ready for requests'),
})

const stopping = new AbortController()
const app = createApp(
  {
    keys: {
      async authenticate(bearer) {
        session.throwIfClosed()
        return await keys.authenticate(bearer)
      },
    },
    ready: () => session.whyNotReady(),
    log,
    metrics,
    agents,
    tools,
    tasks,
    syncWaitMs: config.LONGHAUL_SYNC_WAIT,
    stopping: stopping.signal,
  },
  routes,
  { trustProxy: config.TRUST_PROXY },
)
const server = createHttpServer(app)
const address = await listen(server, config).catch((error: Error) => giveUp(error.message))
onShutdown(log, [
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
])
log.info(address, 'api is listening')
