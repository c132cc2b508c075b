import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export type Child = {
  child: ChildProcess
  pid: number
  /** The message that it sent when it was ready. */
  ready: unknown
  /** Resolves with its next message. Rejects when it ends before. */
  message: <T>() => Promise<T>
  stop: () => Promise<void>
}

/** Starts a module as a process of its own, and resolves when it reports that it is ready. */
export async function startChild(file: URL, env: Record<string, string>): Promise<Child> {
  const child = fork(fileURLToPath(file), {
    env: { PATH: process.env['PATH'], ...env },
  })
  async function message<T>(): Promise<T> {
    const over = new AbortController()
    const ended = once(child, 'exit', over).then(() => {
      throw new Error(`${file.href} ended`)
    })
    try {
      const [priorMessages] = await Promise.race([once(child, 'message', over), ended])
      return priorMessages as T
    } finally {
      ended.catch(() => {})
      over.abort()
    }
  }
  return {
    child,
    pid: child.pid ?? 0,
    ready: await message(),
    message,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
}
