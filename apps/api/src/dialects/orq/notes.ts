import { hash } from 'node:crypto'
import type { RequestNotes } from '@longhaul/core'
import type { ResponseRequest } from './response-request.ts'

type Notes = Pick<ResponseRequest, 'identity' | 'thread' | 'memory' | 'metadata' | 'conversation'>

/** What a request tells of its caller and its run: kept with the task, given back, and found again. */
export function notesOf(request: ResponseRequest): Notes {
  const { thread, memory, metadata, conversation } = request
  const identity = request.identity ?? request.contact
  const notes = { identity, thread, memory, metadata, conversation }
  return Object.fromEntries(Object.entries(notes).filter(([, value]) => value != null)) as Notes
}

/** By what query parameter a task is found, and the values that it is found under. */
const findable: Record<string, (notes: Notes) => (string | undefined)[]> = {
  thread_id: ({ thread }) => [thread?.id],
  identity_id: ({ identity }) => [identity?.id],
  conversation_id: ({ conversation }) => [conversation?._id],
  memory_entity_id: ({ memory }) => [memory?.entity_id],
  tag: ({ thread, identity }) => [...(thread?.tags ?? []), ...(identity?.tags ?? [])],
}

/** The names of the filters, from the one that leaves the fewest tasks to the one that leaves the most. */
export const noteFilters = Object.keys(findable)

/** Under what a task with such notes can be found. */
export function labelsOf(notes: Notes): string[] {
  return noteFilters.flatMap((name) => valuesOf(notes, name).map((value) => labelOf(name, value)))
}

/** Of one length, however long the value is. */
export function labelOf(name: string, value: string): string {
  return `${name}:${hash('sha1', value)}`
}

/** Whether a task's notes have a value under the name of a filter. */
export function hasNote(notes: RequestNotes, name: string, value: string): boolean {
  return valuesOf(notes as Notes, name).includes(value)
}

function valuesOf(notes: Notes, name: string): string[] {
  const found = findable[name]?.(notes) ?? []
  return [...new Set(found.filter((value) => value !== undefined))]
}
