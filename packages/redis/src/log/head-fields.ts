import { type Status, type TaskView, transitions } from '@longhaul/core'
import { number, object, text } from '../connection/parser.ts'

export const statuses = Object.keys(transitions) as Status[]

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
