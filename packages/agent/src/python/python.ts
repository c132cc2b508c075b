import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createFairQueue, limits } from '@longhaul/core'
import { lowerPriority } from './lower-priority.ts'
import { type MemoryReport, openGuard } from './memory/open-guard.ts'
import { runProcess, type PythonResult, unavailable } from './run-process.ts'
import {
  checkSandbox,
  descriptors,
  type Identity,
  openSandbox,
  type Sandbox,
  type SandboxOptions,
} from './sandbox.ts'

export type Python = {
  /**
   * Runs code in the sandbox. Waits until a slot is free for this workspace, then calls `started`. Rejects with an
   * Error for the author of the code when the code fails or exceeds a limit, when too many calls of its workspace wait,
   * or when there is no sandbox. Rejects with the signal's reason when the signal is aborted; nothing of the run is
   * left then.
   */
  run: (
    code: string,
    options: {
      workspace: string
      params: Record<string, unknown>
      seconds: number
      signal: AbortSignal
      started?: () => void
    },
  ) => Promise<PythonResult>
  /** Rejects with an Error that says why no code can run here. */
  check: () => Promise<MemoryReport>
}

type Options = SandboxOptions & {
  /** How many bytes all calls may hold together. */
  memory: number
}

export function createPython({ memory, ...options }: Options): Python {
  const slots = createFairQueue({ name: 'code tools', ...limits.code.slots })
  const bounds = { call: Math.min(limits.code.memory, memory), total: memory }
  const isRoot = process.getuid?.() === 0
  const opened = once(() => open(options))
  const guarded = once(() => openGuard(bounds))
  let lastUser = randomInt(users)

  /** The code needs no rights of root. Each call has its own user, so that limits per user count only its processes. */
  function nextUser(): Identity {
    lastUser = (lastUser + 1) % users
    return isRoot ? { uid: firstUser + lastUser, gid: firstUser + lastUser } : undefined
  }

  return {
    run: (code, { workspace, params, seconds, signal, started }) =>
      slots.run(
        workspace,
        async () => {
          started?.()
          const [{ sandbox, runner }, { guard }] = await Promise.all([opened(), guarded()])
          signal.throwIfAborted()
          const args = [...sandbox.args, '-I', '-X', 'utf8', '-c', runner]
          const child = spawn(sandbox.command, args, {
            stdio: Array.from({ length: descriptors.gate + 1 }, () => 'pipe' as const),
            env: sandbox.env,
            cwd: '/',
            // In its own session it has no terminal, can be killed as a whole, and can have a lower priority.
            detached: true,
            ...nextUser(),
          })
          if (child.pid !== undefined) void lowerPriority(child.pid)
          const { filter, packages } = sandbox
          const task = JSON.stringify({ code, params, packages, limits: resourcesFor(seconds) })
          return await runProcess(child, { task, filter, workspace, guard, bounds, signal })
        },
        { signal },
      ),
    async check() {
      await checkSandbox(options, nextUser())
      return (await guarded()).report
    },
  }
}

/** User ids that no machine uses. */
const firstUser = 0x70_00_00_00
const users = 0x1_00_00

/** Caches the result of `make`. After a failure, the next call tries again. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make().catch((cause: unknown) => {
      made = undefined
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new Error(`${unavailable}: ${why}`, { cause })
    })
    return made
  }
}

async function open(options: SandboxOptions): Promise<{ sandbox: Sandbox; runner: string }> {
  const [sandbox, runner] = await Promise.all([
    openSandbox(options),
    readFile(new URL('runner.py', import.meta.url), 'utf8'),
  ])
  return { sandbox, runner }
}

/** Resource limits by the names of the operating system. */
function resourcesFor(seconds: number): Record<string, number> {
  const { memory, disk, processes, files } = limits.code
  return { AS: memory, FSIZE: disk, NPROC: processes, NOFILE: files, CPU: Math.ceil(seconds) + 1 }
}
