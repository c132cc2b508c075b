import {
  type Attempt,
  hasSuspectSlot,
  limits,
  type ModelFailed,
  restAfter,
  type Status,
  type RunningSuspect,
  type SuspectTurn,
  type TaskStore,
} from '@longhaul/core'
import type { Logger } from '@longhaul/process'
import { type ChildProcess, fork } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { unlessUnavailable } from '../turn/unless-unavailable.ts'
import type { SuspectMessage, SuspectOutcome, WorkerMessage } from './messages.ts'

export type Suspects = ReturnType<typeof createSuspects>

type Options = {
  store: TaskStore
  /** The id of this process's heartbeat: a suspect's process has no heartbeat of its own. */
  worker: string
  lockMs: number
  newId: () => string
  log: Logger
  ended: (status: Status) => void
  parked: () => void
  retried: (model: string, failure: ModelFailed) => void
  /** Called when a suspect's process died. */
  died: () => void
}

const entry = fileURLToPath(new URL('suspect-main.ts', import.meta.url))
const { retryMs, start, standstill } = limits.suspects

/**
 * Runs each suspect in its own process: only if nothing else runs there is it known whether the turn kills its worker.
 * Other turns are not affected. The process releases the turn when it has recorded something, because the turn is then
 * no suspect any more. The process ends with this one.
 */
export function createSuspects(options: Options) {
  const { store, worker, lockMs, newId, log } = options
  const running = new Map<ChildProcess, RunningSuspect>()
  // A frozen process cannot end by itself.
  process.once('exit', () => {
    for (const child of running.keys()) child.kill('SIGKILL')
  })
  const maxSilentMs = Math.max(lockMs, standstill)
  const step = maxSilentMs / 10
  let draining = false

  /**
   * Resolves when the process has ended, by itself or because its event loop was blocked. Rejects if it could not
   * start.
   */
  async function untilExit(child: ChildProcess) {
    let outcome: SuspectOutcome | undefined
    let stoodStill = false
    let hasStarted = false
    let silentMs = 0
    child.on('message', (message: SuspectMessage) => {
      hasStarted = true
      silentMs = 0
      if (message.type === 'outcome') outcome = message
      if (message.type === 'retried') options.retried(message.model, message.failure)
    })
    // Counted in steps: if this process was frozen, the other one may have been frozen, too.
    const timer = setInterval(() => {
      silentMs += step
      if (silentMs < (hasStarted ? maxSilentMs : start)) return
      stoodStill = true
      child.kill('SIGKILL')
    }, step)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    child.on('error', (error) => {
      if (child.pid === undefined) reject(error)
    })
    child.once('exit', () => resolve())
    try {
      await promise
    } finally {
      clearInterval(timer)
    }
    return { outcome, stoodStill }
  }

  /** Reports a death. If that fails for a long time the death is not counted; the next one will be. */
  async function report(attempt: Attempt): Promise<boolean> {
    for (let left = 3 * lockMs; left > 0; left -= limits.unavailableDelay) {
      const reply = await store.release(attempt, 'alone').catch(unlessUnavailable)
      if (reply !== undefined) return reply.released
      await sleep(limits.unavailableDelay)
    }
    return false
  }

  return {
    running: () => running.size,

    /** Runs a suspect now if a process may be started for it; otherwise lets its turn wait. */
    async run(suspect: SuspectTurn): Promise<void> {
      const { taskId, turn, workspace } = suspect
      const place = { workspace, taskId }
      const rests = suspect.sinceMs < restAfter(suspect)
      if (draining || rests || !hasSuspectSlot([...running.values()], place)) {
        await store.postpone({ taskId, turn }, draining ? 0 : retryMs).catch(unlessUnavailable)
        return
      }
      const attempt = { taskId, turn, attempt: newId() }
      const args = [taskId, turn, attempt.attempt, worker].map(String)
      const child = fork(entry, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
      running.set(child, place)
      try {
        const { outcome, stoodStill } = await untilExit(child)
        if (outcome !== undefined) {
          if (outcome.ended !== undefined) options.ended(outcome.ended)
          if (outcome.parked === true) options.parked()
          return
        }
        const { exitCode, signalCode } = child
        const released = await report(attempt)
        log.error(
          { taskId, turn, exitCode, signalCode, stoodStill, released },
          'suspect process died',
        )
        if (released) options.died()
      } catch (error) {
        log.error({ err: error, taskId, turn }, 'suspect process could not be started')
      } finally {
        running.delete(child)
      }
    },

    /** Asks each process to release its turn. */
    drain(graceMs: number): void {
      draining = true
      const message: WorkerMessage = { type: 'drain', graceMs }
      // A process that is ending receives no messages, and needs none.
      for (const child of running.keys()) if (child.connected) child.send(message, () => {})
    },
  }
}
