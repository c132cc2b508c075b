import type { TaskQuery, TaskView } from '@longhaul/core'
import { z } from 'zod'
import { parseQuery } from '../../parse-query.ts'
import { line } from './fields.ts'
import { hasNote, labelOf, noteFilters } from './notes.ts'
import { PageQuery } from './page.ts'
import { wireStatus } from './response-body.ts'

const note = line.min(1).max(512).optional()

/** What a list of tasks is asked for. */
export const TasksQuery = PageQuery.extend({
  status: z.enum(['in_progress', 'completed', 'failed']).optional(),
  thread_id: note,
  identity_id: note,
  conversation_id: note,
  memory_entity_id: note,
  tag: note.meta({ description: 'Of the thread or of the identity.' }),
})

/** Which tasks a query wants: those of a status, with notes, and with `metadata.<key>` of a value. */
export function parseTaskFilter(query: URLSearchParams): Pick<TaskQuery, 'labels' | 'fits'> {
  const { status, ...given } = parseQuery(TasksQuery, query)
  const notes = noteFilters.flatMap((name) => {
    const value = given[name]
    return value === undefined ? [] : [{ name, value }]
  })
  const metadata = [...query]
    .filter(([name]) => name.startsWith('metadata.'))
    .map(([name, value]) => ({ key: name.slice('metadata.'.length), value }))
  return {
    labels: notes.map(({ name, value }) => labelOf(name, value)),
    fits: (view) =>
      (status === undefined || wireStatus(view) === status) &&
      notes.every(({ name, value }) => hasNote(view.notes, name, value)) &&
      metadata.every(({ key, value }) => metadataOf(view, key) === value),
  }
}

function metadataOf({ notes }: TaskView, key: string): string | undefined {
  const { metadata } = notes
  if (typeof metadata !== 'object' || metadata === null || !Object.hasOwn(metadata, key)) {
    return undefined
  }
  const value = (metadata as Record<string, unknown>)[key]
  return typeof value === 'string' ? value : JSON.stringify(value)
}
