import type { Redis } from 'ioredis'
import { primariesOf } from '../connection/primaries.ts'
import type { FunctionLibrary } from './function-library.ts'

type Functions = ReturnType<typeof openFunctions>

const opened = new WeakMap<Redis, Functions>()

/** What a connection knows about the functions of its Redis. */
export function functionsOf(redis: Redis): Functions {
  let found = opened.get(redis)
  if (found === undefined) opened.set(redis, (found = openFunctions(redis)))
  return found
}

function openFunctions(redis: Redis) {
  let refusedUntil = -Infinity
  const loading = new Set<string>()
  const refuse = () => {
    refusedUntil = performance.now() + pauseMs
  }
  return {
    /** Whether functions may be called: Redis has not refused them lately. */
    mayCall: () => refusedUntil === -Infinity || performance.now() >= refusedUntil,

    /** Calls no functions for a while. */
    refuse,

    /**
     * Loads a library into all primaries. Nothing waits for it: until then the script is run without it. A Redis that
     * refuses (it is full or read-only, or the user has no right) is not asked again for a while.
     */
    load(library: FunctionLibrary): void {
      if (loading.has(library.name)) return
      loading.add(library.name)
      void load(redis, library)
        .catch(refuse)
        .finally(() => loading.delete(library.name))
    },
  }
}

/** How long scripts are run without functions after a refusal, milliseconds. */
const pauseMs = 60_000

async function load(redis: Redis, library: FunctionLibrary): Promise<void> {
  const now = Date.now()
  for (const primary of primariesOf(redis)) {
    await primary.call('FUNCTION', 'LOAD', library.source(now)).catch(unlessDone)
    await removeFormer(primary, library, now)
  }
}

/** Another process may have loaded or removed a library in the meantime. */
function unlessDone(error: unknown): void {
  if (!(error instanceof Error && /already exists|not found/.test(error.message))) throw error
}

/**
 * Removes the libraries of other versions of the script, but none that was loaded within a day: during an upgrade, two
 * versions run. A process whose library is removed loads it again.
 */
async function removeFormer(
  primary: Redis,
  { name, prefix }: FunctionLibrary,
  now: number,
): Promise<void> {
  const list = await primary.call('FUNCTION', 'LIST', 'LIBRARYNAME', `${prefix}*`)
  for (const [former, loadedAt] of loadTimes(list)) {
    if (former === name || loadedAt >= now - dayMs) continue
    await primary.call('FUNCTION', 'DELETE', former).catch(unlessDone)
  }
}

/** When each function was loaded, from the reply of `FUNCTION LIST`: its description tells it. */
function loadTimes(list: unknown): Map<string, number> {
  const words = [list].flat(Infinity).map(String)
  const times = new Map<string, number>()
  for (const [at, word] of words.entries())
    if (word === 'description') times.set(words[at - 1] ?? '', Number(words[at + 1]))
  return times
}

const dayMs = 86_400_000
