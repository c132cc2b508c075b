import {
  type Fact,
  parseExact,
  type Result,
  type Status,
  type TaskView,
  toWellFormedJson,
  transitions,
  wellFormedJson,
} from '@longhaul/core'
import { number, object, type Parser, record, refuse, text } from '../connection/parser.ts'

export const statuses = Object.keys(transitions) as Status[]

/** A value as stored JSON, without lone surrogates, which model vendors refuse. */
export function toStored(value: unknown): string {
  return toWellFormedJson(value)
}

/** Parses stored JSON. Earlier versions stored lone surrogates. */
export function fromStored(json: string): unknown {
  return parseExact(wellFormedJson(json))
}

/** The status in a head; undefined without a head, and for a tombstone. */
export function statusIn(stored: string | null | undefined): Status | undefined {
  return statuses.find((status) => status === stored)
}

/** Parses the start of the latest turn from the head. */
export function startedIn(json: string): TaskView['started'] {
  const started: unknown = JSON.parse(json)
  // The first versions did not store every field.
  startedFields(started)
  return started as TaskView['started']
}

const startedFields = object({ at: number, pos: number, model: text, messageId: text })

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
