import { limits } from '@longhaul/core'
import { AsyncLocalStorage } from 'node:async_hooks'

/** When the current request began. */
const beginnings = new AsyncLocalStorage<number>()

/**
 * Makes a function that serves requests give the first commands of each request one time limit together, of which
 * each has at least `shortest`. A later command of a request that waits has the usual limit.
 */
export function limitRequests<A extends unknown[], R>(serve: (...args: A) => R): (...args: A) => R {
  return (...args) => beginnings.run(performance.now(), () => serve(...args))
}

/** The time limit of a command that begins now, in milliseconds. */
export function commandTime(): number {
  const began = beginnings.getStore()
  return began === undefined ? limits.redis.command : timeLeft(performance.now() - began)
}

function timeLeft(elapsed: number): number {
  const { request, command } = limits.redis
  if (elapsed > request) return command
  return Math.min(command, Math.max(request - elapsed, shortest))
}

/** A command gets this time in any case, milliseconds: a busy Redis may need it. */
const shortest = 1_000
