import { limits } from '@longhaul/core'
import { z } from 'zod'
import { line, map } from '../../../shared/request-fields.ts'
import { type ClientForm, itemStatuses } from './client-form.ts'
import { modelName } from '../model-name.ts'
import { itemFields, itemId, type ModelFunction, text, toolName } from './tool-fields.ts'

export const FunctionTool = z.object({
  type: z.literal('function'),
  name: toolName,
  description: text.optional(),
  parameters: map.optional().meta({ description: 'The JSON Schema of the arguments: an object.' }),
  strict: z.boolean().optional().meta({
    description:
      '`true` is sent to the provider: the arguments must follow the schema strictly. Without it providers are not strict.',
  }),
})
type FunctionTool = z.output<typeof FunctionTool>

/** The function that the model sees. */
export function describeFunction({
  name,
  description,
  parameters,
  strict,
}: FunctionTool): ModelFunction {
  return {
    name,
    description: description ?? '',
    ...(parameters !== undefined && { parameters }),
    ...(strict === true && { strict }),
  }
}

/** A call in an input. */
export const FunctionCall = z.object({
  type: z.literal('function_call'),
  call_id: itemId,
  name: z.string().min(1).max(limits.fields.name),
  namespace: line.max(limits.fields.name).optional(),
  arguments: z.string(),
  ...itemFields,
})

export function readFunctionCall(call: z.output<typeof FunctionCall>) {
  const { call_id: callId, name, namespace, arguments: argumentText } = call
  return { callId, name: modelName(name, namespace), arguments: argumentText }
}

/** A call in a reply. */
export const FunctionCallItem = z
  .object({
    id: z.string(),
    type: z.literal('function_call'),
    status: z.enum(itemStatuses),
    call_id: z.string(),
    name: z.string().meta({ description: 'The name of the function.' }),
    namespace: z
      .string()
      .optional()
      .meta({ description: 'The namespace of the function, if it has one.' }),
    arguments: z.string().meta({
      description:
        'The arguments: the text that the model wrote, which is usually JSON that matches the schema.',
    }),
  })
  .meta({ description: 'A call of a function that the caller must run.' })

export const functionForm: ClientForm = {
  prefix: 'fc',
  fields: ({ name, namespace, arguments: argumentText }, state) => ({
    type: 'function_call',
    name,
    ...(namespace !== undefined && { namespace }),
    arguments: state === 'started' ? '' : argumentsOf(argumentText),
  }),
  events({ name, arguments: argumentText }, place) {
    const whole = argumentsOf(argumentText)
    return [
      ['response.function_call_arguments.delta', { ...place, delta: whole }],
      ['response.function_call_arguments.done', { ...place, name, arguments: whole }],
    ]
  },
}

/** Models may write an empty text for no arguments. */
function argumentsOf(argumentText: string): string {
  return argumentText.trim() === '' ? '{}' : argumentText
}
