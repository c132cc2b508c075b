import { hash } from 'node:crypto'

type Schemas = Record<string, unknown>
type Operation = { responses?: Record<string, { description?: string; content?: object }> }
/** The part of an OpenAPI document that this file reads. */
export type OpenApiDocument = {
  paths: Record<string, Record<string, Operation>>
  components: { schemas?: Schemas }
  [field: string]: unknown
}

/** Paths that have clients of their own: the SDKs of OpenAI. */
const otherDialects = /^\/(v1|v3\/router)\/responses/

/**
 * The part of the document that the client uses: without the paths of other dialects, without the errors, which all
 * have one body, and without the schemas that nothing refers to then.
 */
export function reduceDocument({ paths, components, ...rest }: OpenApiDocument): OpenApiDocument {
  const kept = Object.entries(paths)
    .filter(([path]) => !otherDialects.test(path))
    .map(([path, item]) => [path, mapValues(item, withoutErrors)] as const)
  const reduced = Object.fromEntries(kept)
  const names = new Set(['Error'])
  for (const name of names) collectNames(components.schemas?.[name], names)
  collectNames(reduced, names)
  // The set grows while it is iterated, until no schema refers to another one that is missing.
  for (const name of names) collectNames(components.schemas?.[name], names)
  const schemas = Object.fromEntries(
    Object.entries(components.schemas ?? {}).filter(([name]) => names.has(name)),
  )
  return { ...rest, paths: reduced, components: { schemas } }
}

/** Names a document. The generated types contain the name of the document from which they were made. */
export function digestOf(document: OpenApiDocument): string {
  return hash('sha256', JSON.stringify(document), 'hex').slice(0, 16)
}

function withoutErrors(operation: Operation): Operation {
  const replies = Object.entries(operation.responses ?? {}).filter(([status]) => status < '300')
  const responses = replies.map(([status, { description, content }]) => [
    status,
    { description, content },
  ])
  return { ...operation, responses: Object.fromEntries(responses) }
}

function mapValues<T>(of: Record<string, T>, map: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(of).map(([name, value]) => [name, map(value)]))
}

function collectNames(value: unknown, names: Set<string>): void {
  if (typeof value !== 'object' || value === null) return
  if ('$ref' in value) names.add(String(value.$ref).replace('#/components/schemas/', ''))
  for (const inner of Object.values(value)) collectNames(inner, names)
}
