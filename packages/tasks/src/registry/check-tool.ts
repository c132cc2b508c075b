import type { ContentBudget } from '@longhaul/content'
import { invalid, isToolId } from '@longhaul/core'
import type { ToolDefinition } from '@longhaul/core'
import { checkSchemasAt, type SchemaAtPath } from '../lib/check-schemas.ts'
import { checkHttp } from './check-http.ts'
import type { DefinitionInput } from '../secrets/unsealed.ts'

type Tool = { key: string; definition: DefinitionInput | ToolDefinition }

/** Refuses a tool whose key, request or argument schema is ambiguous or cannot be used. */
export async function checkTool(tool: Tool, budget: ContentBudget): Promise<void> {
  checkRequest(tool, 'tool.')
  await checkSchemasAt(schemasOf(tool.definition, 'tool.'), budget)
}

/** Checks all but the schema. `at` is the path of the tool in the caller's input. */
export function checkRequest({ key, definition }: Tool, at: string): void {
  if (isToolId(key)) throw invalid(`${at}key`, 'has the form of a tool id')
  if (definition.type === 'http') checkHttp(definition.http, `${at}definition.http`)
}

/** The schema of a tool's definition, if there is one. */
export function schemasOf(definition: Tool['definition'], at: string): SchemaAtPath[] {
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
