/** The part of a JSON Schema that these tests read. */
export type Schema = {
  $ref?: string
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  dependentRequired?: Record<string, string[]>
  additionalProperties?: Schema
  maxProperties?: number
  items?: Schema
  minItems?: number
  maxItems?: number
  minLength?: number
  maxLength?: number
  pattern?: string
  format?: string
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  examples?: unknown[]
}

type Content = Record<string, { schema: Schema }>

export type Operation = {
  operationId: string
  method: string
  path: string
  security?: object[]
  parameters?: { name: string; in: 'path' | 'query'; schema: Schema }[]
  requestBody?: { content: Content }
  responses: Record<string, { content?: Content }>
}

/** The operations of the document of a server, with every reference resolved. */
export async function readOpenApiOperations(url: string): Promise<Operation[]> {
  const response = await fetch(`${url}/openapi.json`)
  const document = (await response.json()) as { paths: Record<string, Record<string, object>> }
  const { paths } = withoutReferences(document, document) as typeof document
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(
      ([method, operation]) => ({ ...operation, method: method.toUpperCase(), path }) as Operation,
    ),
  )
}

export function bodySchemaOf({ requestBody }: Operation): Schema | undefined {
  return requestBody?.content['application/json']?.schema
}

/** The branches of a union. A schema that is not a union is its only branch. */
export function branchesOf(schema: Schema): Schema[] {
  return schema.anyOf ?? schema.oneOf ?? [schema]
}

function withoutReferences(value: unknown, document: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutReferences(item, document))
  if (typeof value !== 'object' || value === null) return value
  if ('$ref' in value) return withoutReferences(named(String(value.$ref), document), document)
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withoutReferences(item, document)]),
  )
}

/** Resolves a reference such as `#/components/schemas/Agent`. */
function named(reference: string, document: unknown): unknown {
  const steps = reference.split('/').slice(1)
  return steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], document)
}
