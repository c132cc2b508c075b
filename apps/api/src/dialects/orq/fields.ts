import { limits } from '@longhaul/core'
import { z } from 'zod'

/** Field types that several bodies of this dialect share. */

export const line = z.string().max(1_000)
export const text = z.string().max(limits.template)

export const map = z
  .record(z.string(), z.unknown())
  .refine((value) => Object.keys(value).length <= limits.mapKeys, {
    error: `has more than ${limits.mapKeys} keys`,
  })

export function list<T extends z.ZodType>(item: T) {
  return z.array(item).max(limits.parts)
}

/** The schema of an object, with whatever further keywords of JSON Schema beside these. */
export const objectSchema = z.looseObject({
  type: z.literal('object'),
  properties: map.default({}),
  required: list(z.string()).default([]),
})

export const versioning = {
  versionIncrement: z.enum(['major', 'minor', 'patch']).optional(),
  versionDescription: z.string().max(300).optional(),
}
