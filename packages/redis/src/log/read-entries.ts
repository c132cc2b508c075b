import {
  type Cursor,
  type Delta,
  type Entries,
  type Fact,
  limits,
  wholeDelta,
} from '@longhaul/core'
import type { Redis } from 'ioredis'
import { whatIsLeft, fullLength } from './blobs.ts'
import { unpack } from './unpack-blobs.ts'
import { taskKeys } from '../connection/keys.ts'
import { loadBlobs } from './load-blobs.ts'
import { findCursorScript } from '../lua/log/find-cursor.ts'
import { readEntriesScript } from '../lua/log/read-entries.ts'
import { runScript } from '../lua/run-script.ts'
import { asFact } from './from-stored.ts'
import { asDelta, type ReadDeltas } from './read-deltas.ts'
import { softDeletedTurns } from './task-view.ts'
import type { Transfers } from '../connection/transfers.ts'

/** The limit of facts and of deltas in one read, and of the characters of each; the first one may have more. */
const maxima = limits.readEntries

/** The limit of bytes of each on the default connection. A client that follows a turn needs less. */
const smallRead = 64 * 1024

type Readers = { transfers: Transfers; readDeltas: ReadDeltas }

/**
 * Reads the entries of a task after a cursor, at most one page, in the form for readers. With `deltasTo` only deltas are
 * read, if there are no facts between the cursor and that number.
 */
export async function readEntries(
  { transfers, readDeltas }: Readers,
  taskId: string,
  { cursor, deltasTo }: { cursor: Cursor; deltasTo?: number | undefined },
): Promise<Entries | undefined> {
  if (deltasTo !== undefined) {
    const entries = await readDeltas(taskId, { after: cursor.pos, last: deltasTo })
    // A turn that streams runs. Its task has no other page.
    if (entries !== undefined) return { status: 'running', turn: 0, pos: deltasTo, entries }
  }
  const first = await transfers.small({ taskId }, (on) => readPiece(on, taskId, cursor, smallRead))
  const piece = first?.cut
    ? await transfers.large({ taskId }, (on) => readPiece(on, taskId, cursor, limits.large))
    : first
  if (piece === undefined) return undefined
  const { texts, pieces, moreFacts, moreDeltas, ...head } = piece
  const page = firstOf(texts, fullLength)
  const found = await unpack(page, loadBlobs(transfers, taskId), {
    parse: asFact,
    lost: whatIsLeft,
  })
  const deltas = firstOf(
    pieces.map(({ id, fields }) => asDelta(id, fields)),
    ({ text }) => text.length,
  )
  const end = readUpTo(found, deltas, {
    facts: page.length === texts.length && !moreFacts,
    deltas: deltas.length === pieces.length && !moreDeltas,
  })
  // An entry that unread entries may precede is left for the next read.
  const entries = [...found, ...wholeDeltas(found, cursor), ...deltas]
    .filter((entry) => entry.pos <= end)
    .toSorted((a, b) => a.pos - b.pos)
  return {
    status: head.status,
    turn: head.turn,
    pos: head.pos,
    ...(head.hidden !== '' && { hidden: softDeletedTurns(head.hidden) }),
    entries,
  }
}

async function readPiece(on: Redis, taskId: string, cursor: Cursor, maxBytes: number) {
  const values = { ...cursor, limit: maxima.size, maxBytes }
  const reply = await runScript(on, readEntriesScript.call(taskKeys(taskId), values))
  if (reply === undefined) return undefined
  const { texts, pieces, moreFacts, moreDeltas } = reply
  /** Whether the reply ends before a full page. */
  const cut =
    (moreFacts && texts.length < maxima.size) || (moreDeltas && pieces.length < maxima.size)
  return { ...reply, cut }
}

/** Finds where the facts after a `pos` begin in a task's log. */
export async function cursorAfter(
  { redis }: Transfers,
  taskId: string,
  pos: number,
): Promise<{ fact: number; length: number } | undefined> {
  return await runScript(redis, findCursorScript.call(taskKeys(taskId), { pos }))
}

/** The first items, as many as fit into a page. */
function firstOf<T>(items: T[], lengthOf: (item: T) => number): T[] {
  let length = 0
  const beyond = items.findIndex((item, at) => {
    length += lengthOf(item)
    return at > 0 && length > maxima.length
  })
  return beyond === -1 ? items : items.slice(0, beyond)
}

/** The deltas of parts that have no recorded ones. */
function wholeDeltas(facts: Fact[], { pos }: Cursor): Delta[] {
  return facts.flatMap((fact) => {
    const delta = wholeDelta(fact)
    return delta !== undefined && delta.pos > pos ? [delta] : []
  })
}

/** Up to which number all facts and all recorded deltas have been read. */
function readUpTo(facts: Fact[], deltas: Delta[], isWhole: { facts: boolean; deltas: boolean }) {
  const factEnd = isWhole.facts ? Infinity : (facts.at(-1)?.pos ?? Infinity)
  const deltaEnd = isWhole.deltas ? Infinity : (deltas.at(-1)?.pos ?? Infinity)
  return Math.min(factEnd, deltaEnd)
}
