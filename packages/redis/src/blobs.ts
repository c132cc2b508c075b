import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { cutText, limits } from '@longhaul/core'
import { fromStored, toStored } from './stored-json.ts'

/** Where a value too large for its record is kept, and how it begins. */
type BlobRef = { sha256: string; size: number; beginning: string }
type Stored = Record<string, unknown> & { blobs?: Record<string, BlobRef> }

/** Blobs to be written with a record: SHA-256 of the value → the value as JSON. */
export type Blobs = Map<string, string>

/** A record as JSON; its fields above `limits.inline` are put into `blobs`, a reference takes their place. */
export function pack(record: Record<string, unknown>, blobs: Blobs): string {
  const whole = toStored(record)
  if (whole.length <= limits.inline) return whole
  const kept: Stored = {}
  const refs: Record<string, BlobRef> = {}
  for (const [field, value] of Object.entries(record)) {
    const json = value === undefined ? '' : toStored(value)
    if (json.length > limits.inline) refs[field] = put(json, blobs)
    else kept[field] = value
  }
  return toStored({ ...kept, blobs: refs })
}

/** The large values of some records, each once: how many characters they have, by their hashes. */
export type BlobSizes = Map<string, number>

/** What is put in place of a value that is lost; it may throw. */
export type Lost = (field: string, ref: BlobRef) => unknown

/**
 * Brings the large fields of records back; `load` gets the sizes of the blobs by their hashes and answers with their
 * values. Throws when one is lost, unless `lost` gives something in its place.
 */
export async function unpack<T>(
  texts: string[],
  load: (sizes: BlobSizes) => Promise<Map<string, string | null>>,
  lost: Lost = refuse,
): Promise<T[]> {
  const records = texts.map((text) => fromStored(text) as Stored)
  const sizes = sizesIn(records)
  if (sizes.size === 0) return records as T[]
  const found = await load(sizes)
  const whole: T[] = []
  let parsed = 0
  for (const { blobs, ...record } of records) {
    for (const [field, ref] of Object.entries(blobs ?? {})) {
      const value = found.get(ref.sha256)
      record[field] = value == null ? lost(field, ref) : fromStored(value)
      parsed += value?.length ?? 0
      if (parsed < parsedAtOnce) continue
      // Others have their turns between, however large a log is.
      await nextTurn()
      parsed = 0
    }
    whole.push(record as T)
  }
  return whole
}

/** How many characters are parsed before others have their turn: what a small log has is parsed at once. */
const parsedAtOnce = limits.transferPage

function sizesIn(records: Stored[]): BlobSizes {
  return new Map(
    records.flatMap(({ blobs = {} }) =>
      Object.values(blobs).map(({ sha256, size }) => [sha256, size] as const),
    ),
  )
}

/** How many characters large values have together. */
export function blobSize(sizes: BlobSizes): number {
  return [...sizes.values()].reduce((sum, size) => sum + size, 0)
}

/** How long a record is with its large fields. */
export function wholeLength(text: string): number {
  if (!text.includes('"blobs":{')) return text.length
  const { blobs = {} } = JSON.parse(text) as Stored
  return Object.values(blobs).reduce((length, { size }) => length + size, text.length)
}

/** For people to read in place of a value that is lost, and of the type that it was; a list is empty. */
export function whatIsLeft(field: string, { sha256, size, beginning }: BlobRef): unknown {
  const note = `${beginning.replace(/^"/, '')} [the rest of ${size} characters is lost: Redis has no ${sha256}]`
  if (field === 'message') {
    return { messageId: '', role: 'user', parts: [{ kind: 'text', text: note }] }
  }
  if (field === 'result' || beginning.startsWith('"')) return note
  return beginning.startsWith('[') ? [] : { lost: note }
}

function refuse(field: string, { sha256 }: BlobRef): never {
  throw new Error(`blob ${sha256} of the field ${field} is missing`)
}

function put(json: string, blobs: Blobs): BlobRef {
  const sha256 = createHash('sha256').update(json).digest('hex')
  blobs.set(sha256, json)
  return { sha256, size: json.length, beginning: cutText(json, 200) }
}
