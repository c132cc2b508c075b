import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { dyingWithParent, runMark } from '@longhaul/provision'

const root = fileURLToPath(new URL('../../../../', import.meta.url))

/** The folder in which Node caches compiled modules: compiling takes half of a process's start. */
export const compileCache = compileCacheOf(root)

/** A process of the product, started as an operator starts it. */
export type AppProcess = {
  url: string
  pid: number
  /** Its log so far, line by line. */
  log: string[]
  /** Settles with the exit code when the process has ended; null when a signal ended it. */
  exited: Promise<number | null>
  /** Whether it still runs. */
  alive(): boolean
  /** Discards its log from now on, at almost no cost. */
  discardLog(): void
  /** Sends SIGKILL, and resolves when the process has ended. */
  kill: () => Promise<void>
  /** Sends SIGTERM, and resolves with the exit code. */
  stop(): Promise<number | null>
}

/** The folder in which a version of the product is installed, and the Node that runs it. */
export type Installation = { folder: string; node: string }

type Options = {
  /** The time limit of the start, in milliseconds. After it the process is killed. */
  readyWithinMs?: number
  /** The version to start; this one by default. */
  installation?: Installation
}

const thisVersion: Installation = { folder: root, node: process.execPath }

/**
 * Starts the API or a worker on a free port, and resolves when it is ready. Rejects with its log
 * when it ends before, or is not ready in time; no process is left then.
 */
export async function startApp(
  app: 'api' | 'worker',
  env: Record<string, string>,
  { readyWithinMs = 60_000, installation: { folder, node } = thisVersion }: Options = {},
): Promise<AppProcess> {
  const command = [...(await dyingWithParent('KILL')), node, `apps/${app}/src/main.ts`]
  const { PATH: path = '', [runMark]: run } = process.env
  const child = spawn(command[0] ?? '', command.slice(1), {
    cwd: folder,
    env: {
      PATH: path,
      PORT: '0',
      WORKER_PORT: '0',
      NODE_COMPILE_CACHE: compileCacheOf(folder),
      ...(run !== undefined && { [runMark]: run }),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log: string[] = []
  // Not `exit`: its last lines are read by then.
  const exited = new Promise<number | null>((resolve) => {
    child.once('close', (code) => resolve(code))
  })
  const limit = AbortSignal.timeout(readyWithinMs)
  const url = await untilReady(child, log, limit).catch(async (error: unknown) => {
    await end(child, 'SIGKILL')
    const reason = limit.aborted ? `was not ready after ${readyWithinMs} ms` : String(error)
    throw new Error(`the ${app} did not start: ${reason}\n${log.join('\n')}`, { cause: error })
  })
  return {
    url,
    pid: child.pid ?? 0,
    log,
    exited,
    alive: () => child.exitCode === null && child.signalCode === null,
    discardLog() {
      for (const stream of [child.stdout, child.stderr]) stream?.removeAllListeners('data').resume()
    },
    async kill() {
      await end(child, 'SIGKILL')
    },
    stop: () => end(child, 'SIGTERM'),
  }
}

function compileCacheOf(folder: string): string {
  return join(folder, '.data/compile-cache')
}

async function untilReady(child: ChildProcess, log: string[], limit: AbortSignal): Promise<string> {
  const url = `http://127.0.0.1:${await portOf(child, log, limit)}`
  for (;;) {
    const ready = await fetch(`${url}/readyz`, { signal: limit }).catch(() => undefined)
    if (ready?.ok === true) return url
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}`)
    await sleep(20, undefined, { signal: limit })
  }
}

function portOf(child: ChildProcess, log: string[], limit: AbortSignal): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue
    createInterface({ input: stream }).on('line', (line) => {
      log.push(line)
      const port = /"port":(\d+)/.exec(line)?.[1]
      if (port !== undefined) resolve(Number(port))
    })
  }
  child.once('error', reject)
  child.once('exit', (code) => reject(new Error(`ended with ${code}`)))
  limit.addEventListener('abort', () => reject(limit.reason))
  return promise
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
    return child.exitCode
  }
  // Not `exit`: its last lines are read by then.
  const ended = once(child, 'close')
  child.kill(signal)
  await ended
  return child.exitCode
}
