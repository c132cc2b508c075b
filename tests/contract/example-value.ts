import { branchesOf, type Schema } from './openapi-document.ts'

/** A minimal value that a schema accepts: no optional fields, one branch of each union. */
export function exampleOf(schema: Schema): unknown {
  const [branch = schema] = branchesOf(schema)
  if (branch !== schema) return exampleOf(branch)
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return schema.enum[0]
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        (schema.required ?? []).map((name) => [name, exampleOf(schema.properties?.[name] ?? {})]),
      )
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => exampleOf(schema.items ?? {}))
    case 'string':
      return schema.examples?.[0] ?? textFor(schema)
    case 'integer':
    case 'number':
      return schema.minimum ?? (schema.exclusiveMinimum ?? 0) + 1
    case 'boolean':
      return false
    case undefined:
    default:
      return 'anything'
  }
}

function textFor({ pattern = '', format }: Schema): string {
  const text = format === 'email' ? 'somebody@example.com' : 'example'
  if (new RegExp(pattern, 'u').test(text)) return text
  throw new Error(`no example is known for a text of the pattern ${pattern}`)
}
