import { invalid, isUlid, limits } from '@longhaul/core'
import { z } from 'zod'
import { scheduleBody, ScheduleReply } from '../../dialects/orq/schedules/schedule-body.ts'
import { json } from '../../reply-doc.ts'
import { parseQuery } from '../../request/parse-query.ts'
import type { Route } from '../../route.ts'
import { wholeNumber } from '../../webhooks/webhook-fields.ts'

const usual = 50

const SchedulesQuery = z.object({
  limit: wholeNumber(limits.listPage)
    .optional()
    .meta({ description: `The maximum number of schedules in the page. Default: ${usual}.` }),
  starting_after: z.string().max(256).optional().meta({
    description: 'The `_id` of the last schedule of the page before.',
  }),
})

const SchedulesPage = z.object({
  schedules: z.array(ScheduleReply),
  has_more: z.boolean().meta({ description: 'Whether older schedules follow this page.' }),
})

/** Lists the schedules of all agents of the workspace. */
export const listAllSchedules: Route = {
  method: 'get',
  path: '/v3/schedules',
  doc: {
    operationId: 'listAllSchedules',
    tag: 'Schedules',
    summary: 'List the schedules of all agents',
    description: 'The newest first, each with the key of its agent.',
    query: SchedulesQuery,
    replies: { 200: json('A page of schedules.', SchedulesPage) },
  },
  async handle({ workspace, query }, { schedules, agents }) {
    const { limit = usual, starting_after: after } = parseQuery(SchedulesQuery, query)
    if (after !== undefined && !isUlid(after)) {
      throw invalid('starting_after', 'must be the _id of a schedule')
    }
    const { items, more } = await schedules.all(workspace, { after, limit })
    const keys = await agents.keysOf(
      workspace,
      new Set(items.map(({ schedule }) => schedule.agentId)),
    )
    const bodies = items.map((each) => {
      const { agentId } = each.schedule
      return scheduleBody(each, keys.get(agentId) ?? agentId)
    })
    return { status: 200, large: true, body: { schedules: bodies, has_more: more } }
  },
}
