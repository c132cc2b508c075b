import { type Fact, parseExact, type Result, wellFormedJson } from '@longhaul/core'
import { type Parser, record, refuse } from '../connection/parser.ts'

/** The value of a JSON that is stored. Earlier versions have stored lone surrogates. */
export function fromStored(json: string): unknown {
  return parseExact(wellFormedJson(json))
}

/**
 * A fact of a log. Logs are read on busy paths, so the fields that all facts have are checked, and not those of each
 * type: the scripts have written them, and a newer version may have other ones.
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

/** How a turn has ended, as cheaply. */
export const asResult: Parser<Result> = (value) => {
  const { model, reason, failure } = record(value)
  const isResult = typeof model === 'string' && (reason !== undefined || failure !== undefined)
  return isResult ? (value as Result) : refuse(value, 'a result')
}
