import { z } from 'zod'
import { time } from '../../shared/reply-fields.ts'
import { ToolReply } from './tool-reply.ts'

/** One version of a tool as an entry of its history. */
export const ToolVersionReply = z
  .object({
    _id: z.string().meta({ description: 'The id of the tool, `@`, and the version.' }),
    version: z.string(),
    description: z.string().optional().meta({
      description: 'The `versionDescription` of the request that made the version.',
    }),
    created_at: time,
    updated_at: time,
    checksum: z.string().meta({ description: 'The SHA-256 hash of `data`, in hexadecimal.' }),
    entityType: z.literal('tool'),
    entityId: z.string(),
    workspace_id: z.string(),
    data: ToolReply,
  })
  .meta({ id: 'ToolVersion', description: 'One version of a tool as an entry of its history.' })
