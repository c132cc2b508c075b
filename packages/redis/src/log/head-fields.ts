import { type Status, type TaskView, transitions } from '@longhaul/core'
import { number, record, text } from '../connection/parser.ts'

export const statuses = Object.keys(transitions) as Status[]

/** The status in a head; undefined without a head, and for a tombstone. */
export function statusIn(stored: string | null | undefined): Status | undefined {
  return statuses.find((status) => status === stored)
}

/** Parses the start of the latest turn from the head. */
export function startedIn(json: string): TaskView['started'] {
  const started = record(JSON.parse(json))
  // The first versions did not store every field.
  for (const [name, parse] of startedFields) parse(started[name])
  return started as TaskView['started']
}

const startedFields = Object.entries({ at: number, pos: number, model: text, messageId: text })
