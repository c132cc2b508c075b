import { defined, limits } from '@longhaul/core'

/**
 * A small value that a JSON Schema accepts: required fields, and one branch of each union. A `pattern` is ignored, since
 * no text can be derived from every pattern.
 */
export function exampleValue(schema: unknown): unknown {
  return valueOf(schema, { root: schema, left: { values: mostValues }, depth: 0 })
}

/** A schema may multiply its values at each level. */
const mostValues = 1_000

type Schema = Record<string, unknown>
type Context = { root: unknown; left: { values: number }; depth: number }

function valueOf(given: unknown, context: Context): unknown {
  context.left.values -= 1
  if (context.left.values < 0 || context.depth > limits.schema.depth) return null
  const inner = { ...context, depth: context.depth + 1 }
  const { $ref, allOf, anyOf, oneOf, ...own } = asSchema(given)
  if ($ref !== undefined) return valueOf(merged([own, resolved($ref, context.root)]), inner)
  if (Array.isArray(allOf)) {
    return valueOf(merged([{ ...own, ...defined({ anyOf, oneOf }) }, ...allOf]), inner)
  }
  const branches = [anyOf, oneOf].flatMap((list) => (Array.isArray(list) ? list.slice(0, 1) : []))
  return branches.length > 0 ? valueOf(merged([own, ...branches]), inner) : plainValue(own, inner)
}

function plainValue(schema: Schema, context: Context): unknown {
  for (const name of ['const', 'default']) if (Object.hasOwn(schema, name)) return schema[name]
  for (const name of ['enum', 'examples']) {
    const [first] = listOf(schema[name])
    if (first !== undefined) return first
  }
  switch (typeOf(schema)) {
    case 'object': {
      const properties = asSchema(schema['properties'])
      const names = listOf(schema['required']).filter((name) => typeof name === 'string')
      return Object.fromEntries(names.map((name) => [name, valueOf(properties[name], context)]))
    }
    case 'array': {
      const first = listOf(schema['prefixItems'])
      const length = Math.min(Math.max(numberOf(schema['minItems']), first.length), mostValues)
      return Array.from({ length }, (_, at) => valueOf(first[at] ?? schema['items'], context))
    }
    case 'integer':
    case 'number':
      return numberFor(schema)
    case 'boolean':
      return false
    case 'null':
      return null
    default:
      return textFor(schema)
  }
}

function typeOf({ type, properties, items }: Schema): unknown {
  if (type !== undefined) return Array.isArray(type) ? type[0] : type
  if (properties !== undefined) return 'object'
  return items === undefined ? 'string' : 'array'
}

function numberFor({ minimum, exclusiveMinimum, maximum, exclusiveMaximum, multipleOf }: Schema) {
  const step = numberOf(multipleOf, 1)
  const least = numberOf(minimum, numberOf(exclusiveMinimum, -step) + step)
  const value = Math.ceil(least / step) * step
  const most = numberOf(maximum, numberOf(exclusiveMaximum, Infinity) - step)
  return value <= most ? value : Math.floor(most / step) * step
}

function textFor({ format, minLength, maxLength }: Schema): string {
  const known = typeof format === 'string' ? texts[format] : undefined
  if (known !== undefined) return known
  const least = Math.min(numberOf(minLength), 10_000)
  return 'example'.padEnd(least, ' example').slice(0, numberOf(maxLength, Infinity))
}

const texts: Record<string, string> = {
  date: '2026-01-01',
  time: '12:00:00Z',
  'date-time': '2026-01-01T12:00:00Z',
  duration: 'P1D',
  email: 'name@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com',
  uuid: '00000000-0000-4000-8000-000000000000',
}

function merged(schemas: unknown[]): Schema {
  const all = schemas.map(asSchema)
  const properties = all.map((schema) => asSchema(schema['properties']))
  const required = all.flatMap((schema) => listOf(schema['required']))
  return Object.assign({}, ...all, {
    ...(required.length > 0 && { required }),
    ...(properties.some((some) => Object.keys(some).length > 0) && {
      properties: Object.assign({}, ...properties) as Schema,
    }),
  }) as Schema
}

/** The part of a schema to which a reference within it points. */
function resolved(ref: unknown, root: unknown): unknown {
  if (typeof ref !== 'string' || !ref.startsWith('#')) return {}
  const names = ref.split('/').slice(1)
  return names.reduce<unknown>(
    (part, name) => asSchema(part)[name.replaceAll('~1', '/').replaceAll('~0', '~')],
    root,
  )
}

function asSchema(value: unknown): Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Schema)
    : {}
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function numberOf(value: unknown, otherwise = 0): number {
  return typeof value === 'number' ? value : otherwise
}
