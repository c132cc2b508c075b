import { z } from 'zod'

/** Any of the schemas. */
export function oneOf([first, ...others]: z.ZodType[]): z.ZodType {
  if (first === undefined) return z.never()
  return others.length === 0 ? first : z.union([first, ...others])
}
