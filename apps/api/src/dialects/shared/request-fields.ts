import { limits } from '@longhaul/core'
import { z } from 'zod'

/** Field types that several bodies share. */

/**
 * Skips the pattern if the text is too long: a pattern with a repeated group overflows the stack on megabytes of text.
 */
export const first = { abort: true }

export const email = z
  .string()
  .max(limits.fields.email, first)
  .regex(z.regexes.email, { error: 'must be an email address' })
  .meta({ format: 'email' })

/** A short text in one line, such as an id or a path. The body reader replaces a broken character by U+FFFD. */
export const line = z
  .string()
  .max(limits.fields.line, first)
  .regex(/^[^\p{Cc}\uFFFD]*$/u, { error: 'must have no control characters and no broken ones' })
export const text = z.string().max(limits.template)

/** The description of unsupported fields on which callers rely. They are refused, not ignored. */
export const refused = 'Not supported yet. A value that requires it is refused.'

/** The description of fields from other systems' manifests that have no effect here. */
export const echoed = 'Stored and returned unchanged. It has no effect.'

export const map = z
  .record(z.string(), z.unknown())
  .refine((value) => Object.keys(value).length <= limits.mapKeys, {
    error: `has more than ${limits.mapKeys} keys`,
  })
  .meta({ maxProperties: limits.mapKeys })

export function list<T extends z.ZodType>(item: T) {
  return z.array(item).max(limits.parts)
}

/** The schema of an object. It may have further keywords of JSON Schema. */
export const objectSchema = z.looseObject({
  type: z.literal('object'),
  properties: map.default({}),
  required: list(z.string()).default([]),
})

export const versioning = {
  versionIncrement: z.enum(['major', 'minor', 'patch']).optional().meta({
    description: 'The part of the version number that is incremented. Default: `patch`.',
  }),
  versionDescription: z.string().max(limits.fields.versionDescription).optional().meta({
    description: 'A description of the changes in this version.',
  }),
}
