import { ApiError, ConnectionError } from '../errors.ts'
import { backoff, pause } from '../request/backoff.ts'
import type { Task } from '../types.ts'

type Wait = {
  timeoutMs?: number
  patienceMs: number
  signal?: AbortSignal | undefined
  late: () => Error
}

/** The longest wait of one request, in seconds. */
const longestWait = 30

/** Reads a task, again and again, until its turn has ended. A server that is away for a while is no error. */
export async function waitForEnd(
  read: (seconds: number) => Promise<Task>,
  { timeoutMs = Infinity, patienceMs, signal, late }: Wait,
): Promise<Task> {
  const end = Date.now() + timeoutMs
  let reachedAt: number | undefined
  for (let attempt = 0; ; attempt += 1) {
    const left = end - Date.now()
    if (left <= 0) throw late()
    try {
      const task = await read(Math.min(longestWait, Math.ceil(left / 10) / 100))
      if (task.status !== 'in_progress') return task
      reachedAt = Date.now()
      attempt = 0
    } catch (error) {
      signal?.throwIfAborted()
      const away =
        error instanceof ConnectionError || (error instanceof ApiError && error.status === 503)
      if (!away || reachedAt === undefined || Date.now() - reachedAt > patienceMs) throw error
      await pause(Math.min(backoff(attempt), Math.max(0, end - Date.now())), signal)
    }
  }
}
