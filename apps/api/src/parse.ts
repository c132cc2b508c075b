import { LonghaulError } from '@longhaul/core'
import type { FieldError } from '@longhaul/core'
import type { z } from 'zod'
import { joinPath } from './join-path.ts'
import { parseWithoutNulls } from './parse-without-nulls.ts'

/** A caller who got more fields than this wrong has another kind of problem. */
const shown = 20

/** The value as the schema has it. Rejects with invalid, naming every field that is wrong. */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = parseWithoutNulls(schema, value, wording)
  if (result.success) return result.data
  const fields = result.error.issues.slice(0, shown).map(fieldOf)
  const [first] = fields
  const message = first === undefined ? 'The body is invalid.' : sentence(first)
  throw new LonghaulError('invalid', message, { fields })
}

const wording: z.core.ParseContext<z.core.$ZodIssue> = {
  error: ({ code, input }) =>
    code === 'invalid_type' && input === undefined ? 'is required' : undefined,
}

function fieldOf({ path, message }: z.core.$ZodIssue): FieldError {
  return { path: path.reduce<string>(joinPath, ''), message }
}

function sentence({ path, message }: FieldError): string {
  return path === '' ? message : `${path}: ${message}`
}
