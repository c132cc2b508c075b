import { checkSchema } from '@longhaul/content'
import { invalid, isToolId, LonghaulError } from '@longhaul/core'
import type { ToolDefinition } from '@longhaul/core'

/** Refuses a tool that could be misread or not used: its key, and the schema of its arguments. */
export function checkTool(tool: { key: string; definition: ToolDefinition }, at = '') {
  if (isToolId(tool.key)) throw invalid(`${at}key`, 'has the form of a tool id')
  const { path, schema } = schemaOf(tool.definition)
  if (schema === undefined) return
  const problems = checkSchema(schema)
  const [first] = problems
  if (first === undefined) return
  const fields = problems.map(({ path: inner, message }) => ({
    path: `${at}${path}${inner === '' ? '' : `.${inner}`}`,
    message,
  }))
  throw new LonghaulError('invalid', `${fields[0]?.path ?? path}: ${first.message}`, { fields })
}

function schemaOf(definition: ToolDefinition): { path: string; schema?: unknown } {
  if (definition.type === 'function') {
    return { path: 'function.parameters', schema: definition.function.parameters }
  }
  const { schema, parameters } = definition.block
  if (definition.type === 'json_schema') return { path: 'json_schema.schema', schema }
  if (definition.type === 'code') return { path: 'code_tool.parameters', schema: parameters }
  return { path: 'http' }
}
