import { z } from 'zod'

/** The required form of a final answer: JSON, which matches the schema if there is one. */
export const OutputFormat = z.object({
  name: z.string().optional(),
  description: z.string().optional(),
  schema: z.record(z.string(), z.unknown()).optional(),
  strict: z.boolean().optional(),
})
export type OutputFormat = z.infer<typeof OutputFormat>
