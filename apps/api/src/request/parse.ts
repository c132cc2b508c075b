import { LonghaulError } from '@longhaul/core'
import type { FieldError } from '@longhaul/core'
import type { z } from 'zod'
import { joinPath } from './join-path.ts'
import { parseWithoutNulls } from './parse-without-nulls.ts'

/** The maximum number of wrong fields that an error names. */
const maxIssues = 20

/** Parses a value with a schema. Rejects with invalid, which names every wrong field. */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = parseWithoutNulls(schema, value, wording)
  if (result.success) return result.data
  const fields = result.error.issues.slice(0, maxIssues).map(fieldOf)
  const [first] = fields
  const message = first === undefined ? 'The body is invalid.' : sentence(first)
  throw new LonghaulError('invalid', message, { fields })
}

const wording: z.core.ParseContext<z.core.$ZodIssue> = {
  error: ({ code, input }) =>
    (code === 'invalid_type' || code === 'invalid_union') && input === undefined
      ? 'is required'
      : undefined,
}

function fieldOf(issue: z.core.$ZodIssue): FieldError {
  const { path, message } = nearest(issue, [])
  return { path: path.reduce<string>(joinPath, ''), message }
}

/**
 * The issues of a union without its own message: those of the branch that matched furthest. A value of a branch's type
 * matches further than a value of another type.
 */
function nearest(
  issue: z.core.$ZodIssue,
  start: PropertyKey[],
): { path: PropertyKey[]; message: string } {
  const path = [...start, ...issue.path]
  if (issue.code !== 'invalid_union' || issue.message !== usualOfUnions) {
    return { path, message: issue.message }
  }
  const inner = issue.errors.flatMap((branch) =>
    branch.slice(0, 1).map((each) => ({ code: each.code, ...nearest(each, path) })),
  )
  const [furthest] = inner.toSorted((a, b) => b.path.length - a.path.length)
  if (furthest !== undefined && furthest.path.length > path.length) return furthest
  return inner.find(({ code }) => code !== 'invalid_type') ?? { path, message: issue.message }
}

const usualOfUnions = 'Invalid input'

function sentence({ path, message }: FieldError): string {
  return path === '' ? message : `${path}: ${message}`
}
