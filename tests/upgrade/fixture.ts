import { readFile, writeFile } from 'node:fs/promises'
import type { Redis } from 'ioredis'
import type { Made } from './make-tasks.ts'
import { shiftTimes } from './shift-times.ts'
import { type StoredKey, writeKeys } from './snapshot.ts'

/** The data of a version: its Redis, key by key, and the replies of its API to these requests. */
export type Fixture = {
  commit: string
  /** When it was recorded, in epoch milliseconds. */
  at: number
  /** The service and the MCP server of its tools, `host:port`. */
  service: string
  mcp: string
  made: Made
  replies: Reply[]
  keys: StoredKey[]
}

export type Reply = { path: string; status: number; text: string }

/** After this time every pause and every lease in it has expired. */
const minute = 61_000

const file = new URL('redis-before.jsonl', import.meta.url)

/** Writes one line per reply and key, so that differences are readable. */
export async function saveFixture({ replies, keys, ...head }: Fixture): Promise<void> {
  const lines = [head, ...replies, ...keys].map((line) => JSON.stringify(line))
  await writeFile(file, `${lines.join('\n')}\n`)
}

/** Reads the fixture as if it had been recorded a minute ago, with tools that reach these servers. */
export async function loadFixture(reached: { service: string; mcp: string }): Promise<Fixture> {
  const text = await readFile(file, 'utf8')
  const [first = ''] = text.split('\n', 1)
  const { at, service, mcp } = JSON.parse(first) as Fixture
  // Whole seconds, since some times are in seconds.
  const by = Math.floor((Date.now() - minute - at) / 1_000) * 1_000
  const moved = shiftTimes(text, { near: at, by })
    .replaceAll(service, reached.service)
    .replaceAll(mcp, reached.mcp)
  const lines = moved.trimEnd().split('\n')
  const parsed = lines.map((line) => JSON.parse(line) as Fixture | Reply | StoredKey)
  return {
    ...(parsed[0] as Fixture),
    replies: parsed.filter((line) => 'path' in line),
    keys: parsed.filter((line) => 'key' in line),
  }
}

export async function restore(redis: Redis, { keys }: Fixture): Promise<void> {
  await writeKeys(redis, keys)
}
