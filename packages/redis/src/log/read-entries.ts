import { type Cursor, type Delta, type Entries, type Fact, limits } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { whatIsLeft, fullLength } from './blobs.ts'
import { unpack } from './unpack-blobs.ts'
import { taskKeys } from '../connection/keys.ts'
import { loadBlobs } from './load-blobs.ts'
import { findCursorScript } from '../lua/log/find-cursor.ts'
import { readEntriesScript } from '../lua/log/read-entries.ts'
import { runScript } from '../lua/run-script.ts'
import { asFact } from './from-stored.ts'
import { softDeletedTurns } from './task-view.ts'
import type { Transfers } from '../connection/transfers.ts'

/** How many facts and deltas one read brings at most, and how many characters of each, if the first has no more. */
const most = limits.readEntries

/** Bytes of each that the usual connection brings: who watches a turn needs less. */
const few = 64 * 1024

/** What a task has recorded after a cursor, as it is told: of much the first. */
export async function readEntries(
  transfers: Transfers,
  taskId: string,
  cursor: Cursor,
): Promise<Entries | undefined> {
  const first = await transfers.small({ taskId }, (on) => readPiece(on, taskId, cursor, few))
  const piece = first?.cut
    ? await transfers.large({ taskId }, (on) => readPiece(on, taskId, cursor, limits.large))
    : first
  if (piece === undefined) return undefined
  const { texts, pieces, moreFacts, moreDeltas, ...head } = piece
  const kept = firstOf(texts, fullLength)
  const found = await unpack(kept, loadBlobs(transfers, taskId), {
    parse: asFact,
    lost: whatIsLeft,
  })
  const deltas = firstOf(pieces.map(asDelta), ({ text }) => text.length)
  const whole = {
    facts: kept.length === texts.length && !moreFacts,
    deltas: deltas.length === pieces.length && !moreDeltas,
  }
  return {
    status: head.status,
    turn: head.turn,
    pos: head.pos,
    ...(head.hidden !== '' && { hidden: softDeletedTurns(head.hidden) }),
    entries: merge(found, deltas, whole),
  }
}

async function readPiece(on: Redis, taskId: string, cursor: Cursor, maxBytes: number) {
  const values = { ...cursor, limit: most.size, maxBytes }
  const reply = await runScript(on, readEntriesScript.call(taskKeys(taskId), values))
  if (reply === undefined) return undefined
  const { texts, pieces, moreFacts, moreDeltas } = reply
  /** Whether it is less than a read could bring. */
  const cut = (moreFacts && texts.length < most.size) || (moreDeltas && pieces.length < most.size)
  return { ...reply, cut }
}

/** Where in a task's log the facts after a `pos` begin. */
export async function cursorAfter(
  { redis }: Transfers,
  taskId: string,
  pos: number,
): Promise<{ fact: number; length: number } | undefined> {
  return await runScript(redis, findCursorScript.call(taskKeys(taskId), { pos }))
}

function asDelta({ id, fields }: { id: string; fields: string[] }): Delta {
  const [, at, , partId = '', , kind, , text = ''] = fields
  return {
    type: 'delta',
    pos: Number.parseInt(id, 10),
    at: Number(at),
    partId,
    kind: kind === 'reasoning' ? 'reasoning' : 'text',
    text,
  }
}

/** The first of them, as many as a page has room for. */
function firstOf<T>(items: T[], lengthOf: (item: T) => number): T[] {
  let length = 0
  const beyond = items.findIndex((item, at) => {
    length += lengthOf(item)
    return at > 0 && length > most.length
  })
  return beyond === -1 ? items : items.slice(0, beyond)
}

/** In the order of `pos`. What may have others before it that were not read comes with the next read. */
function merge(
  facts: Fact[],
  deltas: Delta[],
  whole: { facts: boolean; deltas: boolean },
): (Fact | Delta)[] {
  const factEnd = whole.facts ? Infinity : (facts.at(-1)?.pos ?? Infinity)
  const deltaEnd = whole.deltas ? Infinity : (deltas.at(-1)?.pos ?? Infinity)
  const end = Math.min(factEnd, deltaEnd)
  return [...facts, ...deltas].filter((entry) => entry.pos <= end).toSorted((a, b) => a.pos - b.pos)
}
