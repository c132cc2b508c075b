import { hash } from 'node:crypto'
import type { RequestNotes } from '@longhaul/core'
import type { ResponseRequest } from '../orq/responses/response-request.ts'

type Notes = Pick<ResponseRequest, 'identity' | 'thread' | 'memory' | 'metadata' | 'conversation'>

/** What a request tells of its caller and its run: kept with the task, given back, and found again. */
export function notesOf(request: Notes & Pick<ResponseRequest, 'contact'>): Notes {
  const { thread, memory, metadata, conversation } = request
  const identity = request.identity ?? request.contact
  return {
    ...(identity != null && { identity }),
    ...(thread != null && { thread }),
    ...(memory != null && { memory }),
    ...(metadata != null && { metadata }),
    ...(conversation != null && { conversation }),
  }
}

/** The names of the filters, from the one that leaves the fewest tasks to the one that leaves the most. */
export const noteFilters = [
  'thread_id',
  'conversation_id',
  'identity_id',
  'memory_entity_id',
  'tag',
] as const
type NoteFilter = (typeof noteFilters)[number]

/** Under what a task with such notes can be found at once. Tags are many to a task, and of few kinds: they are looked for. */
export function labelsOf(notes: Notes): string[] {
  const labels: string[] = []
  for (const name of noteFilters) {
    if (name === 'tag') continue
    const value = valueOf(notes, name)
    if (value !== undefined) labels.push(labelOf(name, value))
  }
  return labels
}

/** A long value is told by its hash. */
export function labelOf(name: NoteFilter, value: string): string {
  return `${name}:${value.length > 64 ? hash('sha1', value) : value}`
}

/** Whether a task's notes have a value under the name of a filter. */
export function hasNote(notes: RequestNotes, name: NoteFilter, value: string): boolean {
  return valuesOf(notes, name).includes(value)
}

function valuesOf(notes: Notes, name: NoteFilter): string[] {
  if (name === 'tag') return [...(notes.thread?.tags ?? []), ...(notes.identity?.tags ?? [])]
  const value = valueOf(notes, name)
  return value === undefined ? [] : [value]
}

function valueOf(notes: Notes, name: Exclude<NoteFilter, 'tag'>): string | undefined {
  switch (name) {
    case 'thread_id':
      return notes.thread?.id
    case 'conversation_id':
      return notes.conversation?.['_id']
    case 'identity_id':
      return notes.identity?.id
    case 'memory_entity_id':
      return notes.memory?.entity_id
  }
}
