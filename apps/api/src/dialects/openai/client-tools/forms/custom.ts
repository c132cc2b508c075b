import { limits, parseArguments } from '@longhaul/core'
import { z } from 'zod'
import { line } from '../../../shared/request-fields.ts'
import { type ClientForm, itemStatuses } from './client-form.ts'
import { modelName } from '../model-name.ts'
import {
  itemFields,
  itemId,
  joinParagraphs,
  type ModelFunction,
  text,
  toolName,
} from './tool-fields.ts'

/** A tool whose input is one text, not JSON. */
export const CustomTool = z.object({
  type: z.literal('custom'),
  name: toolName,
  description: text.optional(),
  format: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('text') }),
      z.object({
        type: z.literal('grammar'),
        syntax: z.enum(['lark', 'regex']),
        definition: text,
      }),
    ])
    .optional()
    .meta({ description: 'The model reads a grammar in the description of the tool.' }),
})
type CustomTool = z.output<typeof CustomTool>

/** The function that the model sees. */
export function describeCustom({ name, description, format }: CustomTool): ModelFunction {
  const rule = format?.type === 'grammar' ? grammarText[format.syntax] + format.definition : ''
  return {
    name,
    description: joinParagraphs(description ?? '', rule),
    parameters: {
      type: 'object',
      properties: {
        input: { type: 'string', description: 'The whole input of the tool, as plain text.' },
      },
      required: ['input'],
      additionalProperties: false,
    },
  }
}

const grammarText = {
  lark: 'The input must match this Lark grammar:\n',
  regex: 'The input must match this regular expression:\n',
}

/** A call in an input. */
export const CustomCall = z.object({
  type: z.literal('custom_tool_call'),
  call_id: itemId,
  name: z.string().min(1).max(limits.fields.name),
  namespace: line.max(limits.fields.name).optional(),
  input: z.string(),
  ...itemFields,
})

export function readCustomCall(call: z.output<typeof CustomCall>) {
  const { call_id: callId, name, namespace, input } = call
  return { callId, name: modelName(name, namespace), arguments: JSON.stringify({ input }) }
}

/** A call in a reply. */
export const CustomCallItem = z
  .object({
    id: z.string(),
    type: z.literal('custom_tool_call'),
    status: z.enum(itemStatuses),
    call_id: z.string(),
    name: z.string().meta({ description: 'The name of the tool.' }),
    namespace: z.string().optional(),
    input: z.string().meta({ description: 'The input that the model wrote.' }),
  })
  .meta({ description: 'A call of a custom tool that the caller must run.' })

export const customForm: ClientForm = {
  prefix: 'ctc',
  fields: ({ name, namespace, arguments: argumentText }, state) => ({
    type: 'custom_tool_call',
    name,
    ...(namespace !== undefined && { namespace }),
    input: state === 'started' ? '' : inputOf(argumentText),
  }),
  events({ arguments: argumentText }, place) {
    const input = inputOf(argumentText)
    return [
      ['response.custom_tool_call_input.delta', { ...place, delta: input }],
      ['response.custom_tool_call_input.done', { ...place, input }],
    ]
  },
}

/** A model that writes the input itself, without the JSON around it, is understood, too. */
function inputOf(argumentText: string): string {
  const input = parseArguments(argumentText)?.['input']
  return typeof input === 'string' ? input : argumentText
}
