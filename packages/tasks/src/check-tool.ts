import { checkSchema } from '@longhaul/content'
import { createBudget, invalid, isToolId, LonghaulError } from '@longhaul/core'
import type { ToolDefinition } from '@longhaul/core'
import { checkHttp } from './check-http.ts'
import type { DefinitionInput } from './tool-input.ts'

/** Refuses a tool that could be misread or not used: its key, its request, the schema of its arguments. */
export function checkTool(
  tool: { key: string; definition: Definition },
  at = '',
  budget = createBudget(),
) {
  if (isToolId(tool.key)) throw invalid(`${at}key`, 'has the form of a tool id')
  if (tool.definition.type === 'http') {
    checkHttp(tool.definition.http, `${at}http`)
    return
  }
  const { path, schema } = schemaOf(tool.definition)
  if (schema !== undefined) checkSchemaAt(schema, at + path, budget)
}

/** Refuses a schema that could not be used, naming the place in it. */
export function checkSchemaAt(schema: unknown, path: string, budget = createBudget()) {
  const problems = checkSchema(schema, budget)
  const [first] = problems
  if (first === undefined) return
  const fields = problems.map(({ path: inner, message }) => ({
    path: inner === '' ? path : `${path}.${inner}`,
    message,
  }))
  throw new LonghaulError('invalid', `${fields[0]?.path ?? path}: ${first.message}`, { fields })
}

type Definition = DefinitionInput | ToolDefinition

function schemaOf(definition: Exclude<Definition, { type: 'http' }>): {
  path: string
  schema: unknown
} {
  switch (definition.type) {
    case 'function':
      return { path: 'function.parameters', schema: definition.function.parameters }
    case 'json_schema':
      return { path: 'json_schema.schema', schema: definition.jsonSchema.schema }
    case 'code':
      return { path: 'code_tool.parameters', schema: definition.block.parameters }
  }
}
