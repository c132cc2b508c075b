import { limits } from '@longhaul/core'
import { z } from 'zod'
import { line } from '../../../shared/request-fields.ts'
import { CustomTool } from './custom.ts'
import { FunctionTool } from './function.ts'
import { otherTool } from './other.ts'
import { text } from './tool-fields.ts'

/** Functions and custom tools with a common name. */
export const NamespaceTool = z.object({
  type: z.literal('namespace'),
  name: line.min(1).max(limits.fields.name),
  description: text.optional(),
  tools: z
    .array(
      z.union([
        z.discriminatedUnion('type', [FunctionTool, CustomTool]),
        otherTool(['function', 'custom']),
      ]),
    )
    .max(limits.agentTools),
})
