import { z } from 'zod'
import { OutputFormat } from './output-format.ts'

// A manifest keeps the parameters of a model under their wire names. Nothing else in core knows these names.

/** Parameters of a model under their wire names. */
export type ModelParameters = Record<string, unknown>

/** The output format that the parameters request; undefined for plain text. */
export function outputAskedFor(parameters: ModelParameters = {}): OutputFormat | undefined {
  const format = ResponseFormat.safeParse(parameters['response_format']).data
  if (format === undefined || format.type === 'text') return undefined
  return format.type === 'json_schema' ? format.json_schema : {}
}

const ResponseFormat = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['text', 'json_object']) }),
  z.object({ type: z.literal('json_schema'), json_schema: OutputFormat }),
])

/** Whether the model may, must or must not call a tool, or which one it must call. */
export type ToolChoice = 'none' | 'auto' | 'required' | { name: string }

/** The tool choice that the parameters request; undefined when they have none. */
export function toolChoiceAskedFor(parameters: ModelParameters = {}): ToolChoice | undefined {
  if (parameters['tool_choice'] === undefined) return undefined
  const choice = WireToolChoice.safeParse(parameters['tool_choice']).data
  return typeof choice === 'object' ? { name: choice.function.name } : choice
}

const WireToolChoice = z.union([
  z.enum(['none', 'auto', 'required']),
  z.object({ function: z.object({ name: z.string() }) }),
])

/** The number of output tokens that the parameters allow; undefined when they have no limit. */
export function outputTokensAskedFor(parameters: ModelParameters = {}): number | undefined {
  const name = nameOfOutputTokens(parameters)
  return name === undefined ? undefined : Number(parameters[name])
}

/** The parameters of a model with another limit of output tokens. */
export function withOutputTokens(
  id: string,
  parameters: ModelParameters,
  tokens: number,
): ModelParameters {
  // OpenAI's newer models refuse the older name, and many other servers accept only the older one.
  const usual = id.startsWith('openai/') ? 'max_completion_tokens' : 'max_tokens'
  return { ...parameters, [nameOfOutputTokens(parameters) ?? usual]: tokens }
}

function nameOfOutputTokens(parameters: ModelParameters) {
  const names = ['max_completion_tokens', 'max_tokens'] as const
  return names.find((name) => typeof parameters[name] === 'number')
}
