import { effectiveLimits, overloaded, type WorkspaceLimits, whyShed } from '@longhaul/core'
import type { Logger } from '@longhaul/process'
import type { Backend } from '@longhaul/redis'
import { createLimits, type ServePorts, serveSchedule } from '@longhaul/tasks'
import type { createTurnDeps } from './turn-deps.ts'

type Options = Pick<ReturnType<typeof createTurnDeps>, 'newTurns' | 'turnDeps'> & {
  backend: Backend
  shards: number
  defaultLimits: WorkspaceLimits
  shedAfterMs: number
  log: Logger
  /** The clock of the process, which schedules do not depend on. */
  now?: () => number
}

/** What a worker needs to submit the turns of schedules, with the same limits as an API process. */
export function schedulePorts(options: Options) {
  const { backend, newTurns, turnDeps, shards, defaultLimits, shedAfterMs, log } = options
  const { now = Date.now } = options
  const { agents: registry } = backend.registries
  const { resolve } = turnDeps.childPorts.resolver
  const load = backend.watchLoad({ longerThanMs: shedAfterMs })
  const random = Math.random
  const ports: ServePorts = {
    ...backend,
    ...newTurns,
    shards,
    registry,
    agents: {
      resolve,
      wasDeleted: async (workspace, id) => (await registry.idOf(workspace, id)) === undefined,
    },
    limits: createLimits({ ...backend, shards, defaultLimits, now }),
    submitLimits: effectiveLimits(defaultLimits, {}),
    random,
    now,
    seal() {
      throw new Error('the secrets of a schedule are sealed when it is created')
    },
    refuseWork({ workspace, fairnessKey, kind }) {
      const waitedMs = load.waitedMs(workspace, fairnessKey)
      const why = whyShed({ memory: load.memory(), lagMs: 0, waitedMs }, kind, shedAfterMs)
      if (why.length > 0) throw overloaded(why, random)
    },
    urlProblem: () => 'a schedule names no endpoint',
    reserve() {},
    noteQuota() {},
    onSkipped({ id, workspace }, { at, status, reason }) {
      log.debug({ schedule: id, workspace, at, status, reason }, 'schedule occurrence not run')
    },
    onPaused({ id, workspace }, { failures }) {
      log.warn({ schedule: id, workspace, failures }, 'schedule paused after failures')
    },
  }
  return {
    serveSchedule: (id: string) => serveSchedule(id, ports),
    sampleLoad: () => load.sample(),
  }
}
