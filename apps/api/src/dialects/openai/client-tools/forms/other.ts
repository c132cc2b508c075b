import { z } from 'zod'

/**
 * A tool of another type: one that OpenAI would run, or one that is not known yet. It is left out and reported. `known`
 * are the types that have a schema of their own.
 */
export function otherTool(known: string[]) {
  return z
    .object({
      type: z
        .string()
        .max(64)
        .regex(/^[\w.-]+$/)
        .refine((type) => !known.includes(type), { error: 'must be the type of a tool' })
        .meta({ not: { enum: known } }),
    })
    .meta({
      description:
        'Any other type, such as `web_search`: the server runs no such tools. It is left out, and the reply names it in the header `Longhaul-Ignored`.',
    })
    .transform(() => ({ type: 'other' as const }))
}
