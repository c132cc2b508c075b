import { z } from 'zod'

/** What a final answer must be: JSON, of a schema where one is given. */
export const OutputFormat = z.object({
  name: z.string().optional(),
  description: z.string().optional(),
  schema: z.record(z.string(), z.unknown()).optional(),
  strict: z.boolean().optional(),
})
export type OutputFormat = z.infer<typeof OutputFormat>
