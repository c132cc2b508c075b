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

/** What the head says of its latest turn. */
export function startedIn(json: string): TaskView['started'] {
  const started: unknown = JSON.parse(json)
  // The first versions did not store every field.
  startedFields(started)
  return started as TaskView['started']
}

const startedFields = object({ at: number, pos: number, model: text, messageId: text })

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
