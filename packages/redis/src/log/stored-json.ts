import {
  parseExact,
  type Status,
  toWellFormedJson,
  transitions,
  wellFormedJson,
} from '@longhaul/core'

export const statuses = Object.keys(transitions) as Status[]

/** A value as the JSON that is stored: without lone surrogates, which model vendors refuse. */
export function toStored(value: unknown): string {
  return toWellFormedJson(value)
}

/** The value of a JSON that is stored. Earlier versions have stored lone surrogates. */
export function fromStored(json: string): unknown {
  return parseExact(wellFormedJson(json))
}

/** The status that a head has; undefined without a head, and of a tombstone. */
export function statusIn(stored: string | null | undefined): Status | undefined {
  return statuses.find((status) => status === stored)
}
