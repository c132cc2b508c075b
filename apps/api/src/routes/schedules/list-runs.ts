import { limits } from '@longhaul/core'
import { z } from 'zod'
import { ScheduleRunsReply, scheduleRunBody } from '../../dialects/orq/schedules/schedule-body.ts'
import { parseQuery } from '../../request/parse-query.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'

const most = 100
const usual = 25

function whole(least: number, greatest: number) {
  const problem = `must be a whole number from ${least} to ${greatest}`
  return z.preprocess(
    (text) => (/^\d{1,6}$/.test(String(text)) ? Number(text) : text),
    z.int(problem).min(least, problem).max(greatest, problem),
  )
}

const RunsQuery = z.object({
  limit: whole(1, most)
    .optional()
    .meta({ description: `The maximum number of occurrences in the page. Default: ${usual}.` }),
  skip: whole(0, 10_000)
    .optional()
    .meta({ description: 'The number of newer occurrences that the page leaves out.' }),
})

export const listScheduleRuns: Route = {
  method: 'get',
  path: '/v3/agents/:agent_key/schedules/:schedule_id/runs',
  doc: {
    operationId: 'listScheduleRuns',
    tag: 'Schedules',
    summary: 'List the occurrences of a schedule',
    description: `Lists what became of each occurrence: first those that wait, then the others, the latest first. The last ${limits.schedules.records} are kept.`,
    query: RunsQuery,
    replies: { 200: json('A page of occurrences.', ScheduleRunsReply) },
  },
  async handle({ workspace, params, query }, { schedules }) {
    const { limit = usual, skip = 0 } = parseQuery(RunsQuery, query)
    const name = {
      workspace,
      agent: params['agent_key'] ?? '',
      id: params['schedule_id'] ?? '',
    }
    const page = await schedules.runs(name, { skip, limit })
    return { status: 200, body: { runs: page.items.map(scheduleRunBody), has_more: page.more } }
  },
}
