import { z } from 'zod'
import { freeMap } from '../shared/reply-fields.ts'
import { ContentPart, OutputItem, ResponseReply, SummaryText } from './response-reply.ts'

const response = { response: ResponseReply }
const index = z.int()
const ofItem = { output_index: index, item_id: z.string() }
const ofCommand = { output_index: index, command_index: index }
const ofPart = { ...ofItem, content_index: index }
const ofSummary = { ...ofItem, summary_index: index }

/** An event of a stream of this dialect. */
export const StreamEvent = z
  .discriminatedUnion('type', [
    event('response.created', response),
    event('response.queued', response),
    event('response.in_progress', response),
    event('response.completed', response),
    event('response.incomplete', response),
    event('response.failed', response),
    event('error', {
      code: z.string().nullable(),
      message: z.string(),
      param: z.string().nullable(),
    }),
    event('response.output_item.added', { output_index: index, item: OutputItem }),
    event('response.output_item.done', { output_index: index, item: OutputItem }),
    event('response.content_part.added', { ...ofPart, part: ContentPart }),
    event('response.content_part.done', { ...ofPart, part: ContentPart }),
    event('response.output_text.delta', {
      ...ofPart,
      delta: z.string(),
      logprobs: z.array(z.unknown()),
    }),
    event('response.output_text.done', {
      ...ofPart,
      text: z.string(),
      logprobs: z.array(z.unknown()),
    }),
    event('response.output_text.annotation.added', {
      ...ofPart,
      annotation_index: index,
      annotation: freeMap,
    }),
    event('response.refusal.delta', { ...ofPart, delta: z.string() }),
    event('response.refusal.done', { ...ofPart, refusal: z.string() }),
    event('response.reasoning_summary_part.added', { ...ofSummary, part: SummaryText }),
    event('response.reasoning_summary_part.done', {
      ...ofSummary,
      part: SummaryText,
      status: z.literal('incomplete').optional(),
    }),
    event('response.reasoning_summary_text.delta', { ...ofSummary, delta: z.string() }),
    event('response.reasoning_summary_text.done', { ...ofSummary, text: z.string() }),
    event('response.reasoning_text.delta', { ...ofPart, delta: z.string() }),
    event('response.reasoning_text.done', { ...ofPart, text: z.string() }),
    event('response.function_call_arguments.delta', { ...ofItem, delta: z.string() }),
    event('response.function_call_arguments.done', {
      ...ofItem,
      name: z.string(),
      arguments: z.string(),
    }),
    event('response.custom_tool_call_input.delta', { ...ofItem, delta: z.string() }),
    event('response.custom_tool_call_input.done', { ...ofItem, input: z.string() }),
    event('response.shell_call_command.added', { ...ofCommand, command: z.string() }),
    event('response.shell_call_command.delta', { ...ofCommand, delta: z.string() }),
    event('response.shell_call_command.done', { ...ofCommand, command: z.string() }),
    event('response.mcp_call.in_progress', ofItem),
    event('response.mcp_call_arguments.delta', { ...ofItem, delta: z.string() }),
    event('response.mcp_call_arguments.done', { ...ofItem, arguments: z.string() }),
    event('response.mcp_call.completed', ofItem),
    event('response.mcp_call.failed', ofItem),
  ])
  .meta({
    id: 'OpenStreamEvent',
    description: [
      'One server-sent event: the JSON of its `data` line; its `event` line is the `type`.',
      '`sequence_number` starts at 0 and has no gaps. One hour after the end of the turn its deltas are deleted and their numbers are missing: `output_text.done` still has the text. The stream ends with `data: [DONE]`.',
    ].join(' '),
  })

function event<T extends string, S extends z.ZodRawShape>(type: T, fields: S) {
  const name = type.replaceAll(/(?:^|[._])(\w)/g, (_, letter: string) => letter.toUpperCase())
  return z
    .object({ type: z.literal(type), sequence_number: z.int(), ...fields })
    .meta({ id: `Open${name}Event` })
}
