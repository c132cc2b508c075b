import type { z } from 'zod'
import type { ReplyDoc } from './route.ts'

/** A reply that is JSON, as the OpenAPI document tells it. */
export function json(description: string, schema: z.ZodType): ReplyDoc {
  return { description, content: { 'application/json': schema } }
}
