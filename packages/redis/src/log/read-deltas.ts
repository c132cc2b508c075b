import { type Delta, shardOf } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { taskKeys } from '../connection/keys.ts'
import { guarded } from '../connection/unavailable.ts'

/** The largest number of deltas of a task in one read. */
const fewDeltas = 20

/** The largest number of tasks in one command: each command delays the others. */
const tasksAtOnce = 50

type Span = { after: number; last: number }

/**
 * Reads the deltas of a task after one number and up to another one; undefined when they are many, or not all that has
 * these numbers.
 */
export type ReadDeltas = (taskId: string, span: Span) => Promise<Delta[] | undefined>

type Wanted = Span & {
  key: string
  resolve: (deltas: Delta[] | undefined) => void
  reject: (error: unknown) => void
}

/** Reads of the same moment share a command: the tasks of a shard whose notifications have arrived together. */
export function createDeltaReader(redis: Redis): ReadDeltas {
  const gathered = new Map<number, Wanted[]>()

  function readAll(): void {
    for (const wanted of gathered.values()) {
      for (let from = 0; from < wanted.length; from += tasksAtOnce)
        void readTogether(redis, wanted.slice(from, from + tasksAtOnce))
    }
    gathered.clear()
  }

  return (taskId, { after, last }) => {
    if (last <= after || last > after + fewDeltas) return Promise.resolve(undefined)
    if (gathered.size === 0) process.nextTick(readAll)
    const shard = shardOf(taskId)
    const wanted = gathered.get(shard) ?? []
    gathered.set(shard, wanted)
    return new Promise((resolve, reject) => {
      wanted.push({ key: taskKeys(taskId).deltas, after, last, resolve, reject })
    })
  }
}

type StoredPieces = [id: string, fields: string[]][]

async function readTogether(redis: Redis, wanted: Wanted[]): Promise<void> {
  const spans = spansOf(wanted)
  const all = [...spans.values()]
  const count = Math.max(...all.map(({ after, last }) => last - after))
  const ids = all.map(({ after }) => `${after}-0`)
  try {
    const found = await guarded(() =>
      redis.xread('COUNT', count, 'STREAMS', ...spans.keys(), ...ids),
    )
    const piecesOf = new Map<string, StoredPieces>(found)
    for (const each of wanted) each.resolve(within(piecesOf.get(each.key) ?? [], each))
  } catch (error) {
    for (const { reject } of wanted) reject(error)
  }
}

/** What is read of each stream: of two readers with different cursors, what both need. */
function spansOf(wanted: Wanted[]): Map<string, Span> {
  const spans = new Map<string, Span>()
  for (const { key, after, last } of wanted) {
    const known = spans.get(key)
    if (known === undefined) spans.set(key, { after, last })
    else spans.set(key, { after: Math.min(after, known.after), last: Math.max(last, known.last) })
  }
  return spans
}

function within(pieces: StoredPieces, { after, last }: Span): Delta[] | undefined {
  const deltas: Delta[] = []
  for (const [id, fields] of pieces) {
    const delta = asDelta(id, fields)
    if (delta.pos > last) break
    if (delta.pos > after) deltas.push(delta)
  }
  return deltas.length === last - after ? deltas : undefined
}

/** Parses a stored piece of output. */
export function asDelta(id: string, fields: string[]): Delta {
  const [, at, , partId = '', , kind, , text = ''] = fields
  return {
    type: 'delta',
    pos: Number.parseInt(id, 10),
    at: Number(at),
    partId,
    kind: kind === 'reasoning' ? 'reasoning' : 'text',
    text,
    ...(kind === 'refusal' && { refusal: true }),
  }
}
