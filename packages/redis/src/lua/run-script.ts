import type { Redis } from 'ioredis'
import { asUnavailable, guarded } from '../connection/unavailable.ts'
import type { Call } from './define-script.ts'
import { functionsOf } from './functions-of.ts'

/**
 * Runs a script by its hash, or as a function if there is one. Rejects with `unavailable` when Redis is unavailable, full
 * or read-only; the outcome may then be unknown.
 */
export async function runScript<R>(redis: Redis, call: Call<R>): Promise<R> {
  const { script, keys, args, parse } = call
  const { library } = script
  let reply: unknown
  // Without a function inside, since every accepted task and every step comes through here.
  try {
    reply =
      library !== undefined && functionsOf(redis).mayCall()
        ? await redis.fcall(library.name, keys.length, ...keys, ...args)
        : await redis.evalsha(script.sha, keys.length, ...keys, ...args)
  } catch (error) {
    reply = await runOtherwise(redis, call, error)
  }
  return parse(reply)
}

/** Runs a script in another way after an error that means that nothing ran. */
async function runOtherwise(redis: Redis, call: Call<unknown>, error: unknown): Promise<unknown> {
  const { script, keys, args } = call
  if (startsWith(error, 'NOSCRIPT')) {
    // Redis restarted, or its scripts were flushed.
    return await guarded(() => redis.eval(script.source, keys.length, ...keys, ...args))
  }
  if (script.library === undefined || !mayRunAsScript(error)) throw asUnavailable(error) ?? error
  const functions = functionsOf(redis)
  if (startsWith(error, 'ERR Function not found')) functions.load(script.library)
  else if (!refusesWrites.some((start) => startsWith(error, start))) functions.refuse()
  try {
    return await redis.evalsha(script.sha, keys.length, ...keys, ...args)
  } catch (failure) {
    const { library: _, ...alone } = script
    return await runOtherwise(redis, { ...call, script: alone }, failure)
  }
}

/**
 * Whether a script may run that was refused as a function: Redis does not have the function, knows no functions, or denies
 * them to this user. A Redis that is full or cannot save refuses each function, but only those scripts that write.
 */
function mayRunAsScript(error: unknown): boolean {
  return asFunctionOnly.some((start) => startsWith(error, start))
}

const refusesWrites = ['OOM', 'MISCONF', 'NOREPLICAS']
const asFunctionOnly = ['ERR Function not found', 'ERR unknown command', 'NOPERM', ...refusesWrites]

function startsWith(error: unknown, start: string): boolean {
  return error instanceof Error && error.message.startsWith(start)
}
