import {
  type Fact,
  heldFact,
  shortenedResult,
  JsonText,
  limits,
  wellFormedJson,
} from '@longhaul/core'
import type { Redis } from 'ioredis'
import type { BlobSizes } from './blobs.ts'
import { type Lost, unpack } from './unpack-blobs.ts'
import { taskKeys } from '../connection/keys.ts'
import { loadBlobs, loadBlobsOn } from './load-blobs.ts'
import { readLogPageScript } from '../lua/log/read-log-page.ts'
import { runScript } from '../lua/run-script.ts'
import { asFact, fromStored } from './from-stored.ts'
import type { Transfers } from '../connection/transfers.ts'

/**
 * Reads facts of a task by their numbers, both included; -1 is the last one. Facts that fit into a small page are read
 * with one command. More facts are read in pages, apart from other callers' commands. A task that is purged meanwhile
 * has no facts. Long results are shortened to the part that rules need, unless `whole` is set.
 */
export async function readFacts(
  transfers: Transfers,
  taskId: string,
  { from = 0, to = -1, lost, whole = false }: Options = {},
): Promise<Fact[]> {
  const unpacked = (texts: string[], load: Load) =>
    whole ? unpack(texts, load, { parse: asFact, lost }) : unpackHeld(texts, load, lost)
  const first = await transfers.small({ taskId }, (on) =>
    readPage(on, taskId, { from, to, capacity: limits.large }),
  )
  if (!first.more) return await unpacked(first.texts, loadBlobs(transfers, taskId))
  return await transfers.large({ taskId }, async (on) => {
    const load = loadBlobsOn(on, taskId)
    const facts = await unpacked(first.texts, load)
    for (let page = first; page.more;) {
      page = await readPage(on, taskId, { from: page.next, to, capacity: limits.transferPage })
      if (page.texts.length === 0) return []
      facts.push(...(await unpacked(page.texts, load)))
    }
    return facts
  })
}

type Options = {
  from?: number | undefined
  to?: number | undefined
  lost?: Lost | undefined
  whole?: boolean
}
type Load = (sizes: BlobSizes) => Promise<Map<string, string | null>>

/** Parses facts in the form that rules need. */
export async function unpackHeld(texts: string[], load: Load, lost?: Lost): Promise<Fact[]> {
  const facts = await unpack(texts, load, { parse: asFact, lost, read: readHeld })
  return facts.map(heldFact)
}

/** A long result is never parsed completely. */
function readHeld(json: string, field: string): unknown {
  return field === 'result' ? shortenedResult(new JsonText(wellFormedJson(json))) : fromStored(json)
}

/**
 * Reads one page of facts, at least one fact. Returns the number of the next fact, and whether it belongs to the range.
 */
export async function readPage(
  on: Redis,
  taskId: string,
  { from, to, capacity }: { from: number; to: number; capacity: number },
): Promise<{ texts: string[]; next: number; more: boolean }> {
  const call = readLogPageScript.call(taskKeys(taskId), { from, to, pageBytes: capacity })
  const { texts, length } = await runScript(on, call)
  const next = (from < 0 ? Math.max(0, length + from) : from) + texts.length
  return { texts, next, more: next < (to < 0 ? length : Math.min(to + 1, length)) }
}
