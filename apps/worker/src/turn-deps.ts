import { createModels, createPython, providersFromEnvironment } from '@longhaul/agent'
import {
  createEgress,
  createMcpClient,
  createNameResolver,
  parseHostAllowList,
  type Vault,
} from '@longhaul/outbound'
import type { Config, createRandomPool, Logger } from '@longhaul/process'
import type { Backend } from '@longhaul/redis'
import { createResolver } from '@longhaul/tasks'
import { fileURLToPath } from 'node:url'
import { monotonicFactory } from 'ulid'
import type { workerVariables } from './config.ts'
import { createServices } from './tool-services.ts'
import type { TurnDeps } from './turn/run-turn.ts'

type Options = {
  config: Config<typeof workerVariables>
  backend: Backend
  vault: Vault
  random: ReturnType<typeof createRandomPool>
  /** The memory of all `code` calls of this process together, in megabytes. */
  codeMemory: number
  log: Logger
}

/** The dependencies of every process that runs turns: a worker, or the process of a suspect. */
export function createTurnDeps({ config, backend, vault, random, codeMemory, log }: Options) {
  const { store, plans, registries, children } = backend
  const allow = parseHostAllowList(config.LONGHAUL_EGRESS_ALLOW)
  const names = createNameResolver()
  /** The settings of turns that start in this process. */
  const newTurns = {
    turnDeadlineMs: config.LONGHAUL_TURN_DEADLINE,
    retentionMs: config.LONGHAUL_TASK_RETENTION,
    newId: monotonicFactory(random.fraction),
    newHex: (digits: number) => random.hex(digits),
  }
  const python = createPython({
    python: config.LONGHAUL_PYTHON,
    path: process.env['PATH'] ?? '',
    unpacked: fileURLToPath(new URL('../../../.tools/sandbox', import.meta.url)),
    memory: codeMemory * 1024 * 1024,
  })
  const providers = providersFromEnvironment(config)
  const turnDeps = {
    store,
    plans,
    models: createModels({ providers }),
    rates: { buckets: backend.buckets, operatorRates: config.LONGHAUL_MODEL_LIMITS },
    servicesOf: createServices({
      egressOf: (workspace) => createEgress({ allow, resolve: names.of(workspace) }),
      mcpOf: (workspace) => createMcpClient({ allow, resolve: names.of(workspace) }),
      python,
      vault,
      tools: registries.tools,
      servers: registries.servers,
      log,
    }),
    childPorts: {
      ...newTurns,
      children,
      resolver: createResolver({ ...registries, ...newTurns, plans, now: Date.now }),
    },
    lockMs: config.LONGHAUL_LOCK_MS,
    patienceMs: config.LONGHAUL_MODEL_PATIENCE,
    newId: newTurns.newId,
    log,
  } satisfies Partial<TurnDeps>
  const sending = {
    egressOf: (workspace: string) => createEgress({ allow, resolve: names.of(workspace) }),
    allow,
    open: (sealed: string, workspace: string) => vault.open(sealed, workspace),
    newId: newTurns.newId,
    now: Date.now,
    random: random.fraction,
    log,
  }
  return { turnDeps, newTurns, python, providers, sending }
}
