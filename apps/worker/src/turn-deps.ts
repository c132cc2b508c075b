import { createModels, createPython, providersFromEnvironment } from '@longhaul/agent'
import type { TaskStore } from '@longhaul/core'
import {
  createEgress,
  createMcpClient,
  createNames,
  type Vault,
  parseEgressAllow,
} from '@longhaul/outbound'
import type { Config, createChance, Logger } from '@longhaul/process'
import {
  type Bulk,
  type connect,
  createAgentRegistry,
  createChildren,
  createMcpServerRegistry,
  createPlanStore,
  createToolRegistry,
} from '@longhaul/redis'
import { createResolver } from '@longhaul/tasks'
import { fileURLToPath } from 'node:url'
import type { workerVariables } from './config.ts'
import type { TurnDeps } from './turn/run-turn.ts'
import { createServices } from './tool-services.ts'

type Options = {
  config: Config<typeof workerVariables>
  redis: ReturnType<typeof connect>
  bulk: Bulk
  store: TaskStore
  vault: Vault
  chance: ReturnType<typeof createChance>
  newId: () => string
  /** Megabytes that all `code` calls of this process may hold together. */
  codeMemory: number
  /** Bytes of the heap of this process. */
  heap: number
  log: Logger
}

/** What every process that runs turns is made of, whether it runs many or one alone. */
export function createTurnParts({ config, redis, bulk, store, chance, newId, ...rest }: Options) {
  const { log } = rest
  const registries = {
    agents: createAgentRegistry(redis, { bulk }),
    tools: createToolRegistry(redis, { bulk }),
    servers: createMcpServerRegistry(redis, { bulk }),
  }
  const allow = parseEgressAllow(config.LONGHAUL_EGRESS_ALLOW)
  const names = createNames()
  const plans = createPlanStore(redis, { bulk, heap: rest.heap })
  /** What turns are that begin here. */
  const turns = {
    turnDeadlineMs: config.LONGHAUL_TURN_DEADLINE,
    retentionMs: config.LONGHAUL_TASK_RETENTION,
    newId,
    newHex: (digits: number) => chance.hex(digits),
  }
  const python = createPython({
    python: config.LONGHAUL_PYTHON,
    path: process.env['PATH'] ?? '',
    unpacked: fileURLToPath(new URL('../../../.tools/sandbox', import.meta.url)),
    memory: rest.codeMemory * 1024 * 1024,
  })
  const providers = providersFromEnvironment(config)
  const turnDeps: Pick<
    TurnDeps,
    'store' | 'plans' | 'models' | 'servicesOf' | 'kin' | 'lockMs' | 'patienceMs' | 'newId' | 'log'
  > = {
    store,
    plans,
    models: createModels({ providers }),
    servicesOf: createServices({
      egressOf: (workspace) => createEgress({ allow, resolve: names.of(workspace) }),
      mcpOf: (workspace) => createMcpClient({ allow, resolve: names.of(workspace) }),
      python,
      vault: rest.vault,
      tools: registries.tools,
      servers: registries.servers,
      log,
    }),
    kin: {
      children: createChildren(redis, { bulk }),
      resolver: createResolver({ ...registries, ...turns, plans, now: Date.now }),
      ...turns,
    },
    lockMs: config.LONGHAUL_LOCK_MS,
    patienceMs: config.LONGHAUL_MODEL_PATIENCE,
    newId,
    log,
  }
  return { plans, registries, turns, python, providers, turnDeps }
}
