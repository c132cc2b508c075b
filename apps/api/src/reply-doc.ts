import type { z } from 'zod'
import type { ReplyDoc } from './route.ts'

/** A JSON reply in the OpenAPI document. */
export function json(description: string, schema: z.ZodType): ReplyDoc {
  return { description, content: { 'application/json': schema } }
}
