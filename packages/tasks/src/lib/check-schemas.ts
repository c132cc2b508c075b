import { checkSchemas, type ContentBudget } from '@longhaul/content'
import { LonghaulError } from '@longhaul/core'

/** A schema, and where it stands in what the caller gave. */
export type SchemaAtPath = { path: string; schema: unknown }

/** Refuses the first schema that could not be used, naming the places in it. */
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
