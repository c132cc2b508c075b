import { hash } from 'node:crypto'
import { cutText, JsonText, limits, wellFormedJson } from '@longhaul/core'
import { toStored } from './to-stored.ts'

/** A reference to a value that is too large for its record, with the beginning of the value. */
export type BlobRef = { sha256: string; size: number; beginning: string }
export type Stored = Record<string, unknown> & { blobs?: Record<string, BlobRef> }

/** Blobs to be stored with a record: SHA-256 of the value → the value as JSON. */
export type Blobs = Map<string, string>

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

function put(json: string, blobs: Blobs): BlobRef {
  const sha256 = hash('sha256', json)
  blobs.set(sha256, json)
  return { sha256, size: json.length, beginning: cutText(json, 200) }
}
