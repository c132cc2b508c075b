import { z } from 'zod'
import { TaskReply } from '../../dialects/orq/responses/response-reply.ts'

const agent_key = z.string().optional().meta({
  description:
    'The key of the agent. For a deleted agent, its last key or its `_id`. Absent if a model answered without an agent.',
})

/** A task with the key of its agent. */
export const TaskOfAgent = TaskReply.extend({ agent_key })
