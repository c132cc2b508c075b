import { hash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { cutText, JsonText, limits, wellFormedJson } from '@longhaul/core'
import type { Parser } from '../connection/parser.ts'
import { fromStored, toStored } from './stored-json.ts'

/** A reference to a value that is too large for its record, with the beginning of the value. */
type BlobRef = { sha256: string; size: number; beginning: string }
type Stored = Record<string, unknown> & { blobs?: Record<string, BlobRef> }

/** Blobs to be stored with a record: SHA-256 of the value → the value as JSON. */
export type Blobs = Map<string, string>

/** Blobs as rows of a script's arguments. */
export function blobRowsOf(
  blobs: Blobs,
  keys: { blob: (sha256: string) => string },
): { key: string; value: string }[] {
  return Array.from(blobs, ([sha256, value]) => ({ key: keys.blob(sha256), value }))
}

/** A record as JSON. Fields above `limits.inline` are added to `blobs` and replaced by references. */
export function pack(record: Record<string, unknown>, blobs: Blobs): string {
  const whole = hasWritten(record) ? undefined : toStored(record)
  if (whole !== undefined && whole.length <= limits.inline) return whole
  const inline: Stored = {}
  const refs: Record<string, BlobRef> = {}
  for (const [field, value] of Object.entries(record)) {
    const json = jsonOf(value)
    if (json.length > limits.inline) refs[field] = put(json, blobs)
    else inline[field] = value
  }
  return toStored({ ...inline, blobs: refs })
}

function hasWritten(record: Record<string, unknown>): boolean {
  for (const field in record) if (record[field] instanceof JsonText) return true
  return false
}

/** A field as stored JSON; empty when it is absent. */
function jsonOf(value: unknown): string {
  if (value instanceof JsonText) return wellFormedJson(value.json)
  return value === undefined ? '' : toStored(value)
}

/** The sizes of the large values of some records, in characters, by hash. Each value is listed once. */
export type BlobSizes = Map<string, number>

/** Parses a large value. */
export type Read = (json: string, field: string) => unknown

/** Returns a replacement for a lost value, or throws. */
export type Lost = (field: string, ref: BlobRef) => unknown

type Unpacking<T> = {
  parse: Parser<T>
  lost?: Lost | undefined
  read?: Read | undefined
}

/**
 * Restores the large fields of records, a few records at a time. Common values are loaded once. `load` receives the
 * sizes of the blobs by hash and returns their values. Throws when a value is lost, unless `lost` returns a
 * replacement.
 */
export async function unpack<T>(
  texts: string[],
  load: (sizes: BlobSizes) => Promise<Map<string, string | null>>,
  { parse, lost = refuse, read = fromStored }: Unpacking<T>,
): Promise<T[]> {
  const records = texts.map((text) => fromStored(text) as Stored)
  const values = new Map<string, unknown>()
  for (const refs of batchesOf(records)) {
    const missing = refs.filter(({ key }) => !values.has(key))
    if (missing.length === 0) continue
    // The event loop runs other work in between, however large a log is.
    if (values.size > 0) await nextTurn()
    const found = await load(new Map(missing.map(({ ref }) => [ref.sha256, ref.size])))
    for (const { key, field, ref } of missing) {
      const json = found.get(ref.sha256)
      values.set(key, json == null ? lost(field, ref) : read(json, field))
    }
  }
  if (values.size === 0) return records.map(parse)
  return records.map(({ blobs, ...record }) => {
    for (const [field, ref] of Object.entries(blobs ?? {}))
      record[field] = values.get(keyOf(field, ref))
    return parse(record)
  })
}

type FieldRef = { key: string; field: string; ref: BlobRef }

function keyOf(field: string, { sha256 }: BlobRef): string {
  return `${field} ${sha256}`
}

/** References to large values, grouped into pages by size. */
function batchesOf(records: Stored[]): FieldRef[][] {
  const batches: FieldRef[][] = []
  let capacity = 0
  for (const { blobs = {} } of records) {
    for (const [field, ref] of Object.entries(blobs)) {
      const fieldRef = { key: keyOf(field, ref), field, ref }
      capacity -= ref.size
      if (capacity >= 0) batches.at(-1)?.push(fieldRef)
      else {
        batches.push([fieldRef])
        capacity = limits.transferPage - ref.size
      }
    }
  }
  return batches
}

/** The total number of characters of large values. */
export function blobSize(sizes: BlobSizes): number {
  return [...sizes.values()].reduce((sum, size) => sum + size, 0)
}

/** The length of a record including its large fields. */
export function fullLength(text: string): number {
  if (!text.includes('"blobs":{')) return text.length
  const { blobs = {} } = JSON.parse(text) as Stored
  return Object.values(blobs).reduce((length, { size }) => length + size, text.length)
}

/** A replacement for a lost value, for people to read. It has the type of the value; a list is empty. */
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
  const sha256 = hash('sha256', json)
  blobs.set(sha256, json)
  return { sha256, size: json.length, beginning: cutText(json, 200) }
}
