import { z } from 'zod'

/** What a final answer must be: JSON, of a schema where one is given. */
export const OutputFormat = z.object({
  name: z.string().optional(),
  description: z.string().optional(),
  schema: z.record(z.string(), z.unknown()).optional(),
  strict: z.boolean().optional(),
})
export type OutputFormat = z.infer<typeof OutputFormat>

/** What a model's parameter `response_format` asks for; undefined where that is plain text. */
export function outputAskedFor(parameters: Record<string, unknown> = {}): OutputFormat | undefined {
  const format = ResponseFormat.safeParse(parameters['response_format']).data
  if (format === undefined || format.type === 'text') return undefined
  return format.type === 'json_schema' ? format.json_schema : {}
}

const ResponseFormat = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['text', 'json_object']) }),
  z.object({ type: z.literal('json_schema'), json_schema: OutputFormat }),
])
