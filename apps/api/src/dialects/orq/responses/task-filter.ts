import { hasEnded, limits, type TaskQuery, type TaskSketch, timeOf } from '@longhaul/core'
import { z } from 'zod'
import { parseQuery } from '../../../request/parse-query.ts'
import { line } from '../../shared/request-fields.ts'
import { hasMetadata, labelOf, metadataFilters } from '../../shared/caller-metadata.ts'
import { PageQuery } from '../../shared/page.ts'

const metadataValue = line
  .min(1)
  .max(limits.fields.id)
  .optional()
  .meta({ description: 'Only tasks with this value, as the request sent it.' })

const moment = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/, {
    error: 'must be a date, or a date and time with its zone, such as 2026-11-27T09:30:00Z',
    abort: true,
  })
  .refine(isThere, 'is no date that there is')
  .optional()

/** Whether a date exists. JavaScript reads 30 February as a day in March. */
function isThere(text: string): boolean {
  const [date = ''] = text.split('T')
  const day = new Date(date)
  return !Number.isNaN(Date.parse(text)) && day.toISOString().startsWith(date)
}

/** The filters of a list of tasks. */
export const TasksQuery = PageQuery.extend({
  status: z.enum(['in_progress', 'completed', 'failed']).optional().meta({
    description: 'Only tasks whose latest turn has this status.',
  }),
  thread_id: metadataValue,
  identity_id: metadataValue,
  conversation_id: metadataValue,
  memory_entity_id: metadataValue,
  tag: metadataValue.meta({
    description: 'Only tasks with this tag of the thread or of the identity.',
  }),
  created_after: moment.meta({
    description:
      'Only tasks that started at this time or later: an ISO 8601 date, or a date and time with its zone. A date means 00:00 UTC.',
  }),
  created_before: moment.meta({
    description: 'Only tasks that started at this time or earlier, in the same format.',
  }),
})

/** The filter of a query: by status, by caller metadata, and by the value of `metadata.<key>`. */
export function parseTaskFilter(
  query: URLSearchParams,
): Pick<TaskQuery, 'labels' | 'began' | 'byMetadata' | 'fits'> {
  const { status, ...filters } = parseQuery(TasksQuery, query)
  const metadataValues = metadataFilters.flatMap((name) => {
    const value = filters[name]
    return value === undefined ? [] : [{ name, value }]
  })
  const metadata = [...query]
    .filter(([name]) => name.startsWith('metadata.'))
    .map(([name, value]) => ({ key: name.slice('metadata.'.length), value }))
  const from = timeIn(filters.created_after)
  const to = timeIn(filters.created_before)
  return {
    began: { from, to },
    labels: metadataValues.flatMap(({ name, value }) =>
      name === 'tag' ? [] : labelOf(name, value),
    ),
    byMetadata: metadataValues.length + metadata.length > 0,
    fits: (task) =>
      (status === undefined || statusOf(task) === status) &&
      (from === undefined || beganAt(task) >= from) &&
      (to === undefined || beganAt(task) <= to) &&
      metadataValues.every(({ name, value }) => hasMetadata(task.notes, name, value)) &&
      metadata.every(({ key, value }) => metadataOf(task, key) === value),
  }
}

function timeIn(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text)
}

/** The status of a reply, without reading the result. */
function statusOf({ status }: TaskSketch): 'in_progress' | 'completed' | 'failed' {
  if (!hasEnded(status)) return 'in_progress'
  return status === 'completed' ? 'completed' : 'failed'
}

/** The start of a task in epoch milliseconds. It is exact only if the task has one turn. */
function beganAt({ taskId, turn, started }: TaskSketch): number {
  return turn === 1 ? started.at : timeOf(taskId)
}

function metadataOf({ notes: callerMetadata }: TaskSketch, key: string): string | undefined {
  const { metadata } = callerMetadata
  if (typeof metadata !== 'object' || metadata === null || !Object.hasOwn(metadata, key)) {
    return undefined
  }
  const value = (metadata as Record<string, unknown>)[key]
  return typeof value === 'string' ? value : JSON.stringify(value)
}
