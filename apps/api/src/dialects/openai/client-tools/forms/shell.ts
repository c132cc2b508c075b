import { defined, limits, parseArguments } from '@longhaul/core'
import { z } from 'zod'
import { line } from '../../../shared/request-fields.ts'
import { type ClientForm, itemStatuses } from './client-form.ts'
import { itemFields, itemId, type ModelFunction, text } from './tool-fields.ts'

const skills = z
  .array(z.object({ name: line, description: text, path: line }))
  .max(limits.parts)
  .optional()
  .meta({ description: 'The model reads them in the description of the tool.' })

/** A shell of the client. Without an environment it is local, too. */
export const ShellTool = z.object({
  type: z.literal('shell'),
  environment: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('local'), skills }),
      z.object({ type: z.enum(['container_auto', 'container_reference']) }).meta({
        description: 'A shell in a container of the server: it is left out, as hosted tools are.',
      }),
    ])
    .optional(),
})
type ShellTool = z.output<typeof ShellTool>

/** The function that the model sees; undefined for a shell in a container, which the server would run. */
export function describeShell({ environment }: ShellTool): ModelFunction | undefined {
  if (environment !== undefined && environment.type !== 'local') return undefined
  const list = (environment?.skills ?? []).map(
    ({ name, description, path }) => `- ${name} (${path}): ${description}`,
  )
  const what = 'Runs shell commands on the computer of the user and returns what they print.'
  return {
    name: 'shell',
    description: list.length === 0 ? what : [what, 'Skills, by their paths:', ...list].join('\n'),
    parameters: {
      type: 'object',
      properties: {
        commands: {
          type: 'array',
          items: { type: 'string' },
          minItems: 1,
          description: 'The commands. They may run at the same time.',
        },
        timeout_ms: {
          type: 'integer',
          description: 'The time limit of the commands, in milliseconds.',
        },
        max_output_length: {
          type: 'integer',
          description: 'The maximum number of characters of the output.',
        },
      },
      required: ['commands'],
      additionalProperties: false,
    },
  }
}

/** A call in an input. */
export const ShellCall = z.object({
  type: z.literal('shell_call'),
  call_id: itemId,
  action: z.object({
    commands: z.array(z.string()).max(limits.parts),
    timeout_ms: z.number().optional(),
    max_output_length: z.number().optional(),
  }),
  ...itemFields,
})

export function readShellCall({ call_id: callId, action }: z.output<typeof ShellCall>) {
  return { callId, name: 'shell', arguments: JSON.stringify(defined(action)) }
}

const Outcome = z.discriminatedUnion('type', [
  z.object({ type: z.literal('exit'), exit_code: z.number() }),
  z.object({ type: z.literal('timeout') }),
])

/** The output of a call. */
export const ShellOutput = z.object({
  type: z.literal('shell_call_output'),
  call_id: itemId,
  output: z
    .array(z.object({ stdout: z.string(), stderr: z.string(), outcome: Outcome }))
    .max(limits.parts),
  max_output_length: z.number().optional(),
  ...itemFields,
})

export function readShellOutput({ call_id: callId, output }: z.output<typeof ShellOutput>) {
  return { callId, result: output }
}

/** A call in a reply. */
export const ShellCallItem = z
  .object({
    id: z.string(),
    type: z.literal('shell_call'),
    status: z.enum(itemStatuses),
    call_id: z.string(),
    action: z.object({
      commands: z.array(z.string()),
      timeout_ms: z.number().nullable(),
      max_output_length: z.number().nullable(),
    }),
    environment: z.object({ type: z.literal('local') }),
  })
  .meta({ description: 'A call of the shell that the caller must run.' })

export const shellForm: ClientForm = {
  prefix: 'sh',
  fields: ({ arguments: argumentText }, state) => ({
    type: 'shell_call',
    action:
      state === 'started' ? { ...actionOf(argumentText), commands: [] } : actionOf(argumentText),
    environment: { type: 'local' },
  }),
  events({ arguments: argumentText }, { output_index: index }) {
    return actionOf(argumentText).commands.flatMap((command, at) => {
      const place = { output_index: index, command_index: at }
      return [
        ['response.shell_call_command.added', { ...place, command: '' }],
        ['response.shell_call_command.delta', { ...place, delta: command }],
        ['response.shell_call_command.done', { ...place, command }],
      ]
    })
  },
}

/** The worker has checked the arguments, so they have this form. */
function actionOf(argumentText: string) {
  const given = parseArguments(argumentText) ?? {}
  const { commands, timeout_ms: timeout, max_output_length: longest } = given
  return {
    commands: Array.isArray(commands) ? commands.map(String) : [],
    timeout_ms: typeof timeout === 'number' ? timeout : null,
    max_output_length: typeof longest === 'number' ? longest : null,
  }
}
