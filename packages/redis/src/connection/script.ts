import { addStandardJob } from 'bullmq/dist/esm/scripts/addStandardJob-9.js'
import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import { guarded } from './unavailable.ts'

/** A Lua file of `lua/`, ready to be sent; its header tells KEYS, ARGV and what it returns. */
export type Script = { name: string; source: string; sha: string }

export function loadScript(name: string): Script {
  const source = read(`../lua/${name}.lua`)
    .replaceAll(/^-- @include (\S+)$/gm, (_, lib: string) => read(`../lua/lib/${lib}.lua`))
    .replace('-- @bullmq addStandardJob', () => addStandardJob.content)
  return scriptOf(name, source)
}

export function scriptOf(name: string, source: string): Script {
  return { name, source, sha: hash('sha1', source) }
}

/**
 * Runs a script. By its hash first; when Redis does not know it (it restarted, or its scripts were
 * flushed) once more in full, which is safe since a NOSCRIPT reply means that nothing ran.
 * Rejects with `unavailable` when Redis is away, full or read-only: the outcome is then unknown.
 */
export async function runScript(
  redis: Redis,
  script: Script,
  keys: string[],
  args: (string | number)[],
): Promise<unknown> {
  return await guarded(async () => {
    try {
      return await redis.evalsha(script.sha, keys.length, ...keys, ...args)
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
      return await redis.eval(script.source, keys.length, ...keys, ...args)
    }
  })
}

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8')
}
