import { invalid, type TaskQuery, type TaskView } from '@longhaul/core'
import { hasNote, labelOf, noteFilters } from './notes.ts'
import { wireStatus } from './response-body.ts'

const statuses = ['in_progress', 'completed', 'failed'] as const

/** What of a query says which tasks are wanted: `status`, the notes' filters, and `metadata.<key>`. */
export function parseTaskFilter(query: URLSearchParams): Pick<TaskQuery, 'labels' | 'fits'> {
  const given = noteFilters.flatMap((name) => query.getAll(name).map((value) => ({ name, value })))
  const metadata = [...query]
    .filter(([name]) => name.startsWith('metadata.'))
    .map(([name, value]) => ({ key: name.slice('metadata.'.length), value }))
  const status = query.get('status')
  if (status !== null && !statuses.some((known) => known === status)) {
    throw invalid('status', `must be ${statuses.join(', ')}`)
  }
  return {
    labels: given.map(({ name, value }) => labelOf(name, value)),
    fits: (view) =>
      (status === null || wireStatus(view) === status) &&
      given.every(({ name, value }) => hasNote(view.notes, name, value)) &&
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
