import { setImmediate as nextTurn } from 'node:timers/promises'
import { limits } from '@longhaul/core'
import type { Parser } from '../connection/parser.ts'
import type { BlobRef, BlobSizes, Stored } from './blobs.ts'
import { fromStored } from './from-stored.ts'

/** A large value from its JSON. */
export type Read = (json: string, field: string) => unknown

/** What is put in place of a value that is lost; it may throw. */
export type Lost = (field: string, ref: BlobRef) => unknown

type Unpacking<T> = {
  parse: Parser<T>
  lost?: Lost | undefined
  read?: Read | undefined
}

/**
 * Brings the large fields of records back, a few records at a time, and what several have in common once. `load` gets the
 * sizes of the blobs by their hashes and answers with their values. Throws when one is lost, unless `lost` gives something
 * in its place.
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
    // Others have their turns between, however large a log is.
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

/** References to large values, together as many as fill a page. */
function batchesOf(records: Stored[]): FieldRef[][] {
  const batches: FieldRef[][] = []
  let capacity = 0
  for (const { blobs = {} } of records) {
    for (const [field, ref] of Object.entries(blobs)) {
      const each = { key: keyOf(field, ref), field, ref }
      capacity -= ref.size
      if (capacity >= 0) batches.at(-1)?.push(each)
      else {
        batches.push([each])
        capacity = limits.transferPage - ref.size
      }
    }
  }
  return batches
}

function refuse(field: string, { sha256 }: BlobRef): never {
  throw new Error(`blob ${sha256} of the field ${field} is missing`)
}
