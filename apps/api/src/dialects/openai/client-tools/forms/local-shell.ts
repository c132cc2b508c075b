import { defined, limits, parseArguments } from '@longhaul/core'
import { z } from 'zod'
import { map } from '../../../shared/request-fields.ts'
import { type ClientForm, itemStatuses } from './client-form.ts'
import { itemFields, itemId, type ModelFunction } from './tool-fields.ts'

/** The older shell of the client, which runs one command without a shell's syntax. */
export const LocalShellTool = z.object({ type: z.literal('local_shell') })

const name = 'local_shell'

/** The function that the model sees. */
export function describeLocalShell(): ModelFunction {
  return {
    name,
    description: 'Runs one command on the computer of the user and returns what it prints.',
    parameters: {
      type: 'object',
      properties: {
        command: {
          type: 'array',
          items: { type: 'string' },
          minItems: 1,
          description: 'The program and its arguments, such as ["bash", "-lc", "ls | wc -l"].',
        },
        env: {
          type: 'object',
          additionalProperties: { type: 'string' },
          description: 'Environment variables.',
        },
        timeout_ms: {
          type: 'integer',
          description: 'The time limit of the command, in milliseconds.',
        },
        user: { type: 'string', description: 'The user who runs the command.' },
        working_directory: { type: 'string' },
      },
      required: ['command'],
      additionalProperties: false,
    },
  }
}

/** A call in an input. */
export const LocalShellCall = z.object({
  type: z.literal('local_shell_call'),
  call_id: itemId.optional(),
  action: z.object({
    type: z.literal('exec').optional(),
    command: z.array(z.string()).max(limits.parts),
    env: map.optional(),
    timeout_ms: z.number().optional(),
    user: z.string().optional(),
    working_directory: z.string().optional(),
  }),
  ...itemFields,
})

export function readLocalShellCall(call: z.output<typeof LocalShellCall>) {
  const { type: _, ...action } = call.action
  return { callId: callIdOf(call), name, arguments: JSON.stringify(defined(action)) }
}

/** The output of a call. */
export const LocalShellOutput = z.object({
  type: z.literal('local_shell_call_output'),
  call_id: itemId.optional(),
  output: z.string(),
  ...itemFields,
})

export function readLocalShellOutput(item: z.output<typeof LocalShellOutput>) {
  return { callId: callIdOf(item), result: item.output }
}

/** OpenAI's own types of these items have only an `id`, which is then the id of the call. Empty if there is none. */
function callIdOf(item: { call_id?: string | undefined; id?: string | undefined }): string {
  return item.call_id ?? item.id ?? ''
}

/** A call in a reply. */
export const LocalShellCallItem = z
  .object({
    id: z.string(),
    type: z.literal('local_shell_call'),
    status: z.enum(itemStatuses),
    call_id: z.string(),
    action: z.object({
      type: z.literal('exec'),
      command: z.array(z.string()),
      env: z.record(z.string(), z.string()),
      timeout_ms: z.number().optional(),
      user: z.string().optional(),
      working_directory: z.string().optional(),
    }),
  })
  .meta({ description: 'A call of the local shell that the caller must run.' })

export const localShellForm: ClientForm = {
  prefix: 'lsh',
  fields: ({ arguments: argumentText }) => {
    const { command = [], env = {}, ...others } = parseArguments(argumentText) ?? {}
    return { type: 'local_shell_call', action: { type: 'exec', command, env, ...others } }
  },
  // OpenAI has no events for them.
  events: () => [],
}
