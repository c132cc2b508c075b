import { setImmediate as nextTurn } from 'node:timers/promises'
import { limits } from '@longhaul/core'
import type { Parser } from '../connection/parser.ts'
import type { BlobRef, BlobSizes, Stored } from './blobs.ts'
import { fromStored } from './from-stored.ts'

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

function refuse(field: string, { sha256 }: BlobRef): never {
  throw new Error(`blob ${sha256} of the field ${field} is missing`)
}
