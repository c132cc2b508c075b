import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** A process of the product, started as an operator starts it. */
export type AppProcess = {
  url: string
  pid: number
  /** Its log so far, line by line. */
  log: string[]
  /** Settles with the exit code when it has ended, for whatever reason; null when a signal ended it. */
  exited: Promise<number | null>
  /** Throws its log away from now on, at next to no cost. */
  discardLog(): void
  /** SIGKILL, and the end of the process. */
  kill(): Promise<void>
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null>
}

/** Starts the API or a worker on a free port, and resolves when it serves. Rejects with its log when it ends before. */
export async function startApp(
  app: 'api' | 'worker',
  env: Record<string, string>,
): Promise<AppProcess> {
  const child = spawn(process.execPath, [`apps/${app}/src/main.ts`], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', WORKER_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log: string[] = []
  // Not `exit`: what it said last is read by then.
  const exited = new Promise<number | null>((resolve) => {
    child.once('close', (code) => resolve(code))
  })
  const port = await portOf(child, log)
  const url = `http://127.0.0.1:${port}`
  await untilReady(url, child, log).catch(async (error: unknown) => {
    await end(child, 'SIGKILL')
    throw error
  })
  return {
    url,
    pid: child.pid ?? 0,
    log,
    exited,
    discardLog() {
      for (const stream of [child.stdout, child.stderr]) stream?.removeAllListeners('data').resume()
    },
    async kill() {
      await end(child, 'SIGKILL')
    },
    stop: () => end(child, 'SIGTERM'),
  }
}

function portOf(child: ChildProcess, log: string[]): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue
    createInterface({ input: stream }).on('line', (line) => {
      log.push(line)
      const port = /"port":(\d+)/.exec(line)?.[1]
      if (port !== undefined) resolve(Number(port))
    })
  }
  child.once('exit', (code) => reject(new Error(`ended with ${code}:\n${log.join('\n')}`)))
  return promise
}

async function untilReady(url: string, child: ChildProcess, log: string[]): Promise<void> {
  const deadline = performance.now() + 15_000
  for (;;) {
    const ready = await fetch(`${url}/readyz`).catch(() => undefined)
    if (ready?.ok === true) return
    if (child.exitCode !== null || performance.now() > deadline) {
      throw new Error(`not ready:\n${log.join('\n')}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  // Not `exit`: what it said last is read by then.
  const ended = once(child, 'close')
  child.kill(signal)
  await ended
  return child.exitCode
}
