import { parseExact, toWellFormedJson, wellFormedJson } from '@longhaul/core'

/** A value as the JSON that is stored: without lone surrogates, which model vendors refuse. */
export function toStored(value: unknown): string {
  return toWellFormedJson(value)
}

/** The value of a JSON that is stored. Earlier versions have stored lone surrogates. */
export function fromStored(json: string): unknown {
  return parseExact(wellFormedJson(json))
}
