import { effectiveLimits, type NewWork } from '@longhaul/core'
import {
  checkWebhookUrl,
  createEgress,
  createMcpClient,
  createNameResolver,
  parseHostAllowList,
  type Vault,
} from '@longhaul/outbound'
import { type Config, createRandomPool, type Logger } from '@longhaul/process'
import type { Backend } from '@longhaul/redis'
import {
  createAgents,
  createMcpServers,
  createAdmin,
  createLimits,
  createSchedules,
  createTasks,
  createDeletedAgentCleanup,
  createTools,
  createUsage,
  createWebhooks,
} from '@longhaul/tasks'
import { monotonicFactory } from 'ulid'
import type { Background } from './background.ts'
import type { apiVariables } from './config.ts'
import { createOpenRequestKeys } from './request/open-requests.ts'
import { createSeal } from './seal.ts'
import { createTestSender } from './webhooks/test-sender.ts'

type Options = {
  config: Config<typeof apiVariables> & { LONGHAUL_SHARDS: number }
  backend: Backend
  vault: Vault
  background: Background
  /** Throws for work that would be refused. */
  refuseWork: (work: NewWork) => void
  log: Logger
  /** Called when the store did not learn that this process serves requests which wait. */
  onBeatError: (error: unknown) => void
}

/** The verbs that routes call, over one backend, and the wake stream. */
export function createVerbs(options: Options) {
  const { config, backend, vault, background, refuseWork, log, onBeatError } = options
  const { registries, maintenance } = backend
  const random = createRandomPool()
  const shards = config.LONGHAUL_SHARDS
  const seal = createSeal(vault)
  const allow = parseHostAllowList(config.LONGHAUL_EGRESS_ALLOW)
  /** Called when another process may have cached an agent of the workspace. */
  const notifications = {
    changed(workspace: string) {
      agents.purge(workspace)
      background.run(() => backend.registryChanged())
    },
  }
  const shared = {
    ...backend,
    /** The deadline of a turn and the retention of an ended task, in milliseconds. */
    turnDeadlineMs: config.LONGHAUL_TURN_DEADLINE,
    retentionMs: config.LONGHAUL_TASK_RETENTION,
    newId: monotonicFactory(random.fraction),
    newHex: (digits: number) => random.hex(digits),
    random: random.fraction,
    submitLimits: effectiveLimits(config.LONGHAUL_LIMITS, {}),
    refuseWork,
    now: Date.now,
    search: config.LONGHAUL_SEARCH,
    shards,
    seal,
    notifications,
    urlProblem: (url: string) => checkWebhookUrl(url, allow),
  }
  const agents = createAgents({
    ...shared,
    ...registries,
    tasksOfDeleted: createDeletedAgentCleanup({ ...shared, maintenanceStore: maintenance }),
    leftOut: (left) => log.warn(left, 'mcp tools omitted from agent'),
  })
  const tools = createTools({ ...shared, ...registries })
  const names = createNameResolver()
  const mcpServers = createMcpServers({
    ...shared,
    ...registries,
    clientOf: (workspace) => createMcpClient({ allow, resolve: names.of(workspace) }),
    open: vault.open,
    unusable: (found) => log.warn(found, 'mcp sync omitted tools'),
  })
  const wake = backend.openWake({ registryChanged: agents.clear })
  const limits = createLimits({ ...shared, defaultLimits: config.LONGHAUL_LIMITS })
  const lockMs = config.LONGHAUL_LOCK_MS
  const tasks = createTasks({ ...shared, agents, limits, wake, lockMs })
  const schedules = createSchedules({ ...shared, agents, limits })
  const operator = createAdmin({ ...shared, agents: registries.agents, lockMs })
  const openRequestKeys = createOpenRequestKeys({
    store: backend.openRequests,
    background,
    newHex: shared.newHex,
    onError: onBeatError,
  })
  const webhooks = createWebhooks({
    ...shared,
    sendTest: createTestSender({
      allow,
      egressOf: (workspace) => createEgress({ allow, resolve: names.of(workspace) }),
      open: vault.open,
      random: random.fraction,
      now: Date.now,
    }),
  })
  return {
    agents,
    tools,
    mcpServers,
    tasks,
    schedules,
    limits,
    operator,
    webhooks,
    usage: createUsage({ ...shared, agents }),
    openRequestKeys,
    wake,
  }
}
