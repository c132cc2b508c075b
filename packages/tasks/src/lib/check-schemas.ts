import { checkSchemas, type ContentBudget } from '@longhaul/content'
import { LonghaulError } from '@longhaul/core'

/** A schema and its path in the caller's input. */
export type SchemaAtPath = { path: string; schema: unknown }

/** Refuses the first schema that cannot be used, and names the wrong fields in it. */
export async function checkSchemasAt(
  placed: readonly SchemaAtPath[],
  budget: ContentBudget,
): Promise<void> {
  const found = await checkSchemas(
    placed.map(({ schema }) => schema),
    budget,
  )
  for (const [i, { path }] of placed.entries()) {
    const problems = found[i] ?? []
    const [first] = problems
    if (first === undefined) continue
    const fields = problems.map(({ path: inner, message }) => ({
      path: inner === '' ? path : `${path}.${inner}`,
      message,
    }))
    throw new LonghaulError('invalid', `${fields[0]?.path ?? path}: ${first.message}`, { fields })
  }
}
