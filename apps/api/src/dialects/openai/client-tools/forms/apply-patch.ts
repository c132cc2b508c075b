import { parseArguments } from '@longhaul/core'
import { z } from 'zod'
import { type ClientForm, itemStatuses } from './client-form.ts'
import { itemFields, itemId, type ModelFunction } from './tool-fields.ts'

/** An editor of the client's files. */
export const ApplyPatchTool = z.object({ type: z.literal('apply_patch') })

const name = 'apply_patch'

/** The function that the model sees. */
export function describeApplyPatch(): ModelFunction {
  return {
    name,
    description:
      'Creates, updates or deletes one file of the user. A diff has no line numbers: a hunk begins with @@, and each of its lines begins with a space (unchanged), - (removed) or + (added). In a new file every line begins with +.',
    parameters: {
      type: 'object',
      properties: {
        type: { type: 'string', enum: ['create_file', 'update_file', 'delete_file'] },
        path: { type: 'string', description: 'The path of the file.' },
        diff: { type: 'string', description: 'The diff; an empty text for delete_file.' },
      },
      required: ['type', 'path'],
      additionalProperties: false,
    },
  }
}

const Operation = z.discriminatedUnion('type', [
  z.object({ type: z.literal('create_file'), path: z.string(), diff: z.string() }),
  z.object({ type: z.literal('update_file'), path: z.string(), diff: z.string() }),
  z.object({ type: z.literal('delete_file'), path: z.string() }),
])

/** A call in an input. */
export const ApplyPatchCall = z.object({
  type: z.literal('apply_patch_call'),
  call_id: itemId,
  operation: Operation,
  ...itemFields,
})

export function readApplyPatchCall(call: z.output<typeof ApplyPatchCall>) {
  return { callId: call.call_id, name, arguments: JSON.stringify(call.operation) }
}

/** The output of a call. */
export const ApplyPatchOutput = z.object({
  type: z.literal('apply_patch_call_output'),
  call_id: itemId,
  output: z.string().optional(),
  ...itemFields,
  status: z.enum(['completed', 'failed']),
})

/** The model reads the status, too: the output may be empty. */
export function readApplyPatchOutput(item: z.output<typeof ApplyPatchOutput>) {
  const { call_id: callId, status, output = '' } = item
  return { callId, result: output === '' ? status : `${status}: ${output}` }
}

/** A call in a reply. */
export const ApplyPatchCallItem = z
  .object({
    id: z.string(),
    type: z.literal('apply_patch_call'),
    status: z.enum(itemStatuses),
    call_id: z.string(),
    operation: Operation,
  })
  .meta({ description: 'A change of a file that the caller must make.' })

export const applyPatchForm: ClientForm = {
  prefix: 'apc',
  fields: ({ arguments: argumentText }, state) => {
    const { type, path, diff } = parseArguments(argumentText) ?? {}
    const operation = { type, path: typeof path === 'string' ? path : '' }
    const text = state === 'started' || typeof diff !== 'string' ? '' : diff
    return {
      type: 'apply_patch_call',
      operation: type === 'delete_file' ? operation : { ...operation, diff: text },
    }
  },
  // OpenAI has no events for them.
  events: () => [],
}
