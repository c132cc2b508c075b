import { type Fact, parseExact, type Result, wellFormedJson } from '@longhaul/core'
import { type Parser, record, refuse } from '../connection/parser.ts'

/** Parses stored JSON. Earlier versions stored lone surrogates. */
export function fromStored(json: string): unknown {
  return parseExact(wellFormedJson(json))
}

/**
 * Parses a fact of a log. Logs are read on busy paths, so only the fields that all facts have are checked: scripts have
 * written the others, and a newer version may have different ones.
 */
export const asFact: Parser<Fact> = (value) => {
  const { v, pos, at, type } = record(value)
  const isFact =
    typeof v === 'number' &&
    typeof pos === 'number' &&
    typeof at === 'number' &&
    typeof type === 'string'
  return isFact ? (value as Fact) : refuse(value, 'a fact')
}

/** Parses the result of a turn, with the same few checks. */
export const asResult: Parser<Result> = (value) => {
  const { model, reason, failure } = record(value)
  const isResult = typeof model === 'string' && (reason !== undefined || failure !== undefined)
  return isResult ? (value as Result) : refuse(value, 'a result')
}
