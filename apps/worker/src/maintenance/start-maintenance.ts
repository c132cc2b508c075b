import type { WorkspaceLimits } from '@longhaul/core'
import type { Logger } from '@longhaul/process'
import type { Backend, Installation } from '@longhaul/redis'
import { redrive } from '@longhaul/tasks'
import type { createCounters } from '../metrics.ts'
import { schedulePorts } from '../schedule-ports.ts'
import type { createTurnDeps } from '../turn-deps.ts'
import { createNamespaceCheck } from './check-namespace.ts'
import { choresOf } from './chores.ts'
import { createLiveness } from './liveness.ts'
import { startChores } from './run-chores.ts'

type Options = {
  backend: Backend
  counters: ReturnType<typeof createCounters>
  parts: Pick<ReturnType<typeof createTurnDeps>, 'newTurns' | 'turnDeps'>
  config: { LONGHAUL_LIMITS: WorkspaceLimits; LONGHAUL_SHED_AFTER: number }
  worker: string
  /** How many turns this process runs at once. */
  slots: number
  installation: Installation
  shards: number
  lockMs: number
  log: Logger
  isDraining: () => boolean
  /** Whether this process could run one more turn. */
  hasFreeSlot: () => boolean
}

/** Starts the maintenance of a worker. */
export function startMaintenance(options: Options) {
  const { backend, counters, parts, config, worker, slots, shards, lockMs, log } = options
  const liveness = createLiveness({ ...backend, worker, slots, shards })
  const namespace = createNamespaceCheck({ ...options, tickets: backend.tickets })
  const redrivePorts = { ...backend, ...parts.newTurns, agents: backend.registries.agents }
  const ofSchedules = schedulePorts({
    ...parts,
    backend,
    shards,
    defaultLimits: config.LONGHAUL_LIMITS,
    shedAfterMs: config.LONGHAUL_SHED_AFTER,
    log,
  })
  const chores = choresOf({
    ...ofSchedules,
    ...backend,
    ...counters,
    hasFreeSlot: options.hasFreeSlot,
    shards,
    lockMs,
    log,
    liveness,
    namespace,
    redrive: (id) => redrive(id, redrivePorts),
    agentKey: (workspace, agentId) => backend.registries.agents.keyOf(workspace, agentId),
  })
  return { liveness, namespace, chores: startChores(chores, log) }
}
