import { parseArguments } from '@longhaul/core'
import { z } from 'zod'
import { map } from '../../../shared/request-fields.ts'
import { type ClientForm, itemStatuses } from './client-form.ts'
import { itemFields, itemId, type ModelFunction, text } from './tool-fields.ts'

/** A search for further tools, which are then offered. Without `execution: client` the server would search. */
export const ToolSearchTool = z.object({
  type: z.literal('tool_search'),
  execution: z.enum(['server', 'client']).optional(),
  description: text.optional(),
  parameters: map.optional(),
})
type ToolSearchTool = z.output<typeof ToolSearchTool>

const name = 'tool_search'

/** The function that the model sees; undefined for a search that the server would make. */
export function describeToolSearch(tool: ToolSearchTool): ModelFunction | undefined {
  const { execution, description, parameters } = tool
  if (execution !== 'client') return undefined
  return {
    name,
    description: description ?? 'Finds further tools, which can then be called.',
    parameters: parameters ?? {
      type: 'object',
      properties: { query: { type: 'string' } },
      required: ['query'],
    },
  }
}

/** A search in an input. */
export const ToolSearchCall = z.object({
  type: z.literal('tool_search_call'),
  call_id: itemId.optional(),
  execution: z.enum(['server', 'client']).optional(),
  arguments: z.unknown().optional(),
  ...itemFields,
})

/** Returns undefined for a search that a server made. */
export function readToolSearch(call: z.output<typeof ToolSearchCall>) {
  const { call_id: callId, execution, arguments: given } = call
  if (execution !== 'client' || callId === undefined) return undefined
  const argumentText = typeof given === 'string' ? given : JSON.stringify(given ?? {})
  return { callId, name, arguments: argumentText }
}

/** A search in a reply. */
export const ToolSearchCallItem = z
  .object({
    id: z.string(),
    type: z.literal('tool_search_call'),
    status: z.enum(itemStatuses),
    call_id: z.string(),
    execution: z.literal('client'),
    arguments: z.unknown(),
  })
  .meta({ description: 'A search for tools that the caller must make.' })

export const toolSearchForm: ClientForm = {
  prefix: 'tsc',
  fields: ({ arguments: argumentText }, state) => ({
    type: 'tool_search_call',
    execution: 'client',
    arguments: state === 'started' ? {} : (parseArguments(argumentText) ?? {}),
  }),
  // OpenAI has no events for them.
  events: () => [],
}
