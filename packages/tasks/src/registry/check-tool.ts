import { checkSchemas, type ContentBudget } from '@longhaul/content'
import { invalid, isToolId, LonghaulError } from '@longhaul/core'
import type { ToolDefinition } from '@longhaul/core'
import { checkHttp } from './check-http.ts'
import type { DefinitionInput } from './tool-input.ts'

type Tool = { key: string; definition: DefinitionInput | ToolDefinition }

/** Refuses a tool that could be misread or not used: its key, its request, the schema of its arguments. */
export async function checkTool(tool: Tool, budget: ContentBudget): Promise<void> {
  checkRequest(tool, 'tool.')
  await checkSchemasAt(schemasOf(tool.definition, 'tool.'), budget)
}

/** The same but for the schema. `at` is where the tool stands in what the caller gave. */
export function checkRequest({ key, definition }: Tool, at: string): void {
  if (isToolId(key)) throw invalid(`${at}key`, 'has the form of a tool id')
  if (definition.type === 'http') checkHttp(definition.http, `${at}definition.http`)
}

/** A schema, and where it stands in what the caller gave. */
export type PlacedSchema = { path: string; schema: unknown }

/** The schema that a tool's definition has, if it has one. */
export function schemasOf(definition: Tool['definition'], at: string): PlacedSchema[] {
  const placed = (path: string, schema: unknown) =>
    schema === undefined ? [] : [{ path: at + path, schema }]
  switch (definition.type) {
    case 'http':
      return []
    case 'function':
      return placed('definition.function.parameters', definition.function.parameters)
    case 'json_schema':
      return placed('definition.jsonSchema.schema', definition.jsonSchema.schema)
    case 'code':
      return placed('definition.block.parameters', definition.block.parameters)
  }
}

/** Refuses the first schema that could not be used, naming the places in it. */
export async function checkSchemasAt(
  placed: readonly PlacedSchema[],
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
