import {
  hasEnded,
  hasWords,
  limits,
  type TaskQuery,
  type TaskSketch,
  timeOf,
  TurnFailure,
  wordsOf,
} from '@longhaul/core'
import { z } from 'zod'
import { parseQuery } from '../../../request/parse-query.ts'
import { line } from '../../shared/request-fields.ts'
import { hasMetadata, labelOf, metadataFilters } from '../../shared/caller-metadata.ts'
import { moment } from '../../shared/moment.ts'
import { PageQuery } from '../../shared/page.ts'

const metadataValue = line
  .min(1)
  .max(limits.fields.id)
  .optional()
  .meta({ description: 'Only tasks with this value, as the request sent it.' })

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
  state: z.enum(['queued', 'running', 'parked']).optional().meta({
    description:
      'Only tasks in progress whose turn is in this state: it waits for a worker, a worker runs it, or it waits without one for a time, a person, or a sub-agent.',
  }),
  error_code: TurnFailure.optional().meta({
    description: 'Only tasks whose latest turn has failed with this code.',
  }),
  model: line.min(1).max(limits.fields.id).optional().meta({
    description: 'Only tasks whose latest turn began with this model, as `provider/model`.',
  }),
  search: line.min(1).max(limits.search.request).optional().meta({
    description:
      "Only tasks whose first message has all of these words, or words that begin with them, in its beginning. Case and accents do not matter. It is an error while the operator's LONGHAUL_SEARCH is 0.",
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
): Omit<TaskQuery, 'workspace' | 'agentId' | 'agentDeleted'> {
  const { status, state, model, error_code: code, ...filters } = parseQuery(TasksQuery, query)
  const words = wordsOf(filters.search ?? '')
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
    byWords: filters.search !== undefined,
    byFailure: code !== undefined,
    fits: (task) =>
      (status === undefined || statusOf(task) === status) &&
      (state === undefined || task.status === state) &&
      (model === undefined || task.started.model === model) &&
      (code === undefined || task.failure === code) &&
      hasWords(task.words ?? '', words) &&
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
