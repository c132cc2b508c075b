import { responseId, type TaskEntry } from '@longhaul/core'
import { z } from 'zod'
import { isoTime, time } from '../dialects/shared/reply-fields.ts'
import { errorCode, status } from './fields.ts'

export const TaskEntryReply = z
  .object({
    task_id: z.string(),
    response_id: z.string().meta({ description: 'The id of the response of the latest turn.' }),
    workspace: z.string(),
    agent_id: z.string(),
    status,
    turn: z.int().meta({ description: 'The number of the turn in its task, from 1.' }),
    submitted_at: time.meta({ description: 'The time when the turn was submitted.' }),
    ended_at: time
      .optional()
      .meta({ description: 'The time when the turn ended. Absent while it is live.' }),
    error: z.object({ code: errorCode, message: z.string() }).optional(),
    redrive_error: z
      .string()
      .optional()
      .meta({ description: 'Why the latest redrive of the turn was abandoned.' }),
    attempts: z
      .int()
      .meta({ description: 'The number of times that a worker claimed a turn of the task.' }),
    deaths: z
      .int()
      .meta({ description: 'The number of workers in a row that died while they ran the turn.' }),
  })
  .meta({ id: 'TaskEntry', description: 'The latest turn of a task.' })

export function taskEntryBody(entry: TaskEntry): z.input<typeof TaskEntryReply> {
  const {
    taskId,
    workspace,
    agentId,
    turn,
    submittedAt,
    endedAt,
    failure,
    redriveFailure,
    ...rest
  } = entry
  return {
    task_id: taskId,
    response_id: responseId(taskId, turn),
    workspace,
    agent_id: agentId,
    status: rest.status,
    turn,
    submitted_at: isoTime(submittedAt),
    ...(endedAt !== undefined && { ended_at: isoTime(endedAt) }),
    ...(failure && { error: failure }),
    ...(redriveFailure !== undefined && { redrive_error: redriveFailure }),
    attempts: rest.attempts,
    deaths: rest.deaths,
  }
}
