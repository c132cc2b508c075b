import { z } from 'zod'
import { cursorOf, EntriesQuery, parseEntriesQuery } from '../../admin/entries-query.ts'
import { taskEntryBody, TaskEntryReply } from '../../admin/task-entry-body.ts'
import { json } from '../../reply-doc.ts'
import type { OperatorRoute } from '../../route.ts'

const EntriesReply = z.object({
  object: z.literal('list'),
  data: z.array(TaskEntryReply),
  next: z.string().optional().meta({
    description:
      'The `cursor` of the next page. Absent on the last page. A page may be short when many tasks were filtered out.',
  }),
})

/** Lists the latest turns of a status in all workspaces, from the oldest to the newest. */
export const adminTasks: OperatorRoute = {
  method: 'get',
  path: '/v2/admin/tasks',
  auth: 'operator',
  doc: {
    operationId: 'adminTasks',
    tag: 'Operations',
    summary: 'List tasks of all workspaces',
    description:
      'Lists tasks whose latest turn has a status, by default `failed`, from the oldest to the newest. A task must match all filters.',
    query: EntriesQuery,
    replies: { 200: json('A page of tasks.', EntriesReply) },
  },
  async handle({ query }, { operator }) {
    const { items, next } = await operator.list(parseEntriesQuery(query))
    const body = { object: 'list', data: items.map(taskEntryBody) }
    return { status: 200, body: { ...body, ...(next && { next: cursorOf(next) }) } }
  },
}
