import { toWellFormedJson } from '@longhaul/core'

/** A value as stored JSON, without lone surrogates, which model vendors refuse. */
export function toStored(value: unknown): string {
  return toWellFormedJson(value)
}
