import {
  type Cursor,
  type Delta,
  type Entries,
  type Fact,
  limits,
  type Status,
} from '@longhaul/core'
import type { Redis } from 'ioredis'
import { unpack, whatIsLeft, wholeLength } from './blobs.ts'
import { taskKeys } from './keys.ts'
import { loadScript, runScript } from './script.ts'
import { hiddenTurns, loadBlobs } from './task-view.ts'

const scripts = { read: loadScript('read'), seek: loadScript('seek') }

/** How many facts and deltas one read brings at most, and how many characters of each, if the first has no more. */
const most = limits.readEntries

/** What a task has recorded after a cursor, as it is told: of much the first. */
export async function readEntries(
  redis: Redis,
  taskId: string,
  cursor: Cursor,
): Promise<Entries | undefined> {
  const keys = taskKeys(taskId)
  const reply = (await runScript(
    redis,
    scripts.read,
    [keys.head, keys.log, keys.deltas],
    [cursor.fact, cursor.pos, most.size],
  )) as [Status, string, string, string[], [string, string[]][], string] | null
  if (reply === null) return undefined
  const [status, turn, pos, texts, pieces, hidden] = reply
  const few = firstOf(texts, wholeLength)
  const found = await unpack<Fact>(few, loadBlobs(redis, taskId), whatIsLeft)
  const deltas = firstOf(pieces.map(asDelta), ({ text }) => text.length)
  const whole = {
    facts: few.length === texts.length && texts.length < most.size,
    deltas: deltas.length === pieces.length && pieces.length < most.size,
  }
  return {
    status,
    turn: Number(turn),
    pos: Number(pos),
    ...(hidden !== '' && { hidden: hiddenTurns(hidden) }),
    entries: merge(found, deltas, whole),
  }
}

/** Where in a task's log the facts after a `pos` begin. */
export async function cursorAfter(
  redis: Redis,
  taskId: string,
  pos: number,
): Promise<{ fact: number; length: number } | undefined> {
  const { head, log } = taskKeys(taskId)
  const reply = await runScript(redis, scripts.seek, [head, log], [pos])
  if (reply === null) return undefined
  const [fact, length] = reply as [number, number]
  return { fact, length }
}

function asDelta([id, fields]: [string, string[]]): Delta {
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
