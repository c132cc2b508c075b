import { z } from 'zod'
import { time } from '../../shared/reply-fields.ts'
import { CreateTool } from './tool-request.ts'

const [asFunction, asJsonSchema, asHttp, asCode] = CreateTool.options

const added = {
  _id: z.string().meta({ examples: ['tool_01K3Q0YB9Z6C5R8V2N7M4D1FGH'] }),
  workspace_id: z.string(),
  project_id: z.string(),
  version: z.string().meta({ examples: ['1.0.0'] }),
  created: time,
  updated: time,
}

/** One version of a tool: the fields of its request, and those that the server adds. */
export const ToolReply = z
  .discriminatedUnion('type', [
    asFunction.safeExtend(added),
    asJsonSchema.safeExtend(added),
    asHttp.safeExtend(added),
    asCode.safeExtend(added),
  ])
  .meta({ id: 'Tool', description: 'One version of a tool.' })
