import { timeByKind, type TimePart } from '@longhaul/core'
import { z } from 'zod'
import { isoTime, time } from '../../dialects/shared/reply-fields.ts'
import { parseQuery } from '../../request/parse-query.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'
import { TimeFor } from './time-kinds.ts'

const TimeQuery = z.object({
  parts: z.enum(['true', 'false'], 'must be true or false').optional().meta({
    description: '`false`: the reply has the totals only. Default: `true`.',
  }),
})

const PartReply = z.object({
  for: TimeFor,
  from: time,
  ms: z.number().meta({ description: 'The duration in milliseconds.' }),
  turn: z.int().meta({ description: 'The turn, or the one that ended before the part.' }),
  step: z.int().optional().meta({ description: 'The number of the model call in its turn.' }),
  tool_call_id: z
    .string()
    .optional()
    .meta({ description: 'The tool call that runs, or that waits for a reviewer or a sub-agent.' }),
  name: z.string().optional().meta({ description: 'The tool, the model or the sub-agent.' }),
  task_id: z.string().optional().meta({ description: 'The task of the sub-agent.' }),
})

const TimeReply = z
  .object({
    task_id: z.string(),
    live: z.boolean().meta({ description: 'Whether the latest turn has not ended.' }),
    from: time.optional().meta({ description: 'The time when the task began.' }),
    ms: z.number().meta({ description: 'The time of the task in milliseconds.' }),
    totals: z
      .array(z.object({ for: TimeFor, ms: z.number() }))
      .meta({ description: 'The time by kind, the longest first. It adds up to `ms`.' }),
    parts: z.array(PartReply).optional().meta({
      description: 'The parts in order, without a gap and without an overlap.',
    }),
  })
  .meta({ id: 'TaskTime', description: 'What the time of a task was spent for.' })

/** Explains the time of a task. */
export const readTime: Route = {
  method: 'get',
  path: '/v2/agents/:agent_key/responses/:task_id/time',
  doc: {
    operationId: 'readTime',
    tag: 'Responses',
    summary: 'Read where the time of a task went',
    description:
      'Explains the time of a task, from its beginning to the end of its latest turn or to now: waiting for a slot or a limit, model calls, tools, people, sub-agents, crashes. The parts are computed from the log, and add up to the millisecond. Of tools that run at the same time, the one that ends last counts.',
    query: TimeQuery,
    replies: { 200: json('The parts and their totals.', TimeReply) },
  },
  async handle({ workspace, params, query }, { tasks }) {
    const named = { workspace, agent: params['agent_key'] ?? '', id: params['task_id'] ?? '' }
    const { parts: wanted } = parseQuery(TimeQuery, query)
    const { taskId, live, parts } = await tasks.time(named)
    const [first, last] = [parts.at(0), parts.at(-1)]
    const body = {
      task_id: taskId,
      live,
      ...(first && { from: isoTime(first.from) }),
      ms: first === undefined || last === undefined ? 0 : last.to - first.from,
      totals: [...timeByKind(parts)].map(([kind, ms]) => ({ for: kind, ms })),
      ...(wanted !== 'false' && { parts: parts.map(partBody) }),
    }
    return { status: 200, large: true, body }
  },
}

function partBody({ for: kind, from, to, turn, step, callId, name, taskId }: TimePart) {
  return {
    for: kind,
    from: isoTime(from),
    ms: to - from,
    turn,
    ...(step !== undefined && { step }),
    ...(callId !== undefined && { tool_call_id: callId }),
    ...(name !== undefined && { name }),
    ...(taskId !== undefined && { task_id: taskId }),
  }
}
