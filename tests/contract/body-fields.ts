import { branchesOf, type Schema } from './openapi-document.ts'
import { exampleOf } from './example-value.ts'

/** A position in a body: its schema, and how to make a body that is valid everywhere else. */
export type Place = {
  path: string
  schema: Schema
  /** The unions around the position: a value that fits no branch is an error of the union. */
  unions: string[]
  put: (value: unknown) => unknown
  /** Whether the schema is only one of several alternatives. */
  branch?: true
  /** The body without the value at this position; absent if it cannot be omitted. */
  without?: () => unknown
}

const top = { path: '', unions: [], put: (value: unknown) => value }

/** Every position in the bodies that a schema describes, the whole body first. */
export function* placesOf(schema: Schema, at: Omit<Place, 'schema'> = top): Generator<Place> {
  yield { ...at, schema }
  const branches = branchesOf(schema)
  if (branches[0] === schema) {
    yield* placesWithin(schema, at)
    return
  }
  const { path, put } = at
  const real = branches.filter(({ type }) => type !== 'null')
  const unions = schema.anyOf !== undefined && real.length > 1 ? [...at.unions, path] : at.unions
  for (const branch of real) yield* placesOf(branch, { path, put, unions, branch: true })
}

function* placesWithin(schema: Schema, { path, put, unions }: Omit<Place, 'schema'>) {
  const { properties = {}, dependentRequired = {}, additionalProperties, items } = schema
  const base = exampleOf(schema) as Record<string, unknown>
  for (const [name, inner] of Object.entries(properties)) {
    const { [name]: _, ...others } = base
    for (const needed of dependentRequired[name] ?? []) {
      others[needed] = exampleOf(properties[needed] ?? {})
    }
    yield* placesOf(inner, {
      path: joinPath(path, name),
      unions,
      put: (value) => put({ ...others, [name]: value }),
      without: () => put(others),
    })
  }
  if (additionalProperties !== undefined) {
    yield* placesOf(additionalProperties, {
      path: joinPath(path, 'a_name'),
      unions,
      put: (value) => put({ ...base, a_name: value }),
    })
  }
  if (items !== undefined) {
    yield* placesOf(items, { path: joinPath(path, 0), unions, put: (value) => put([value]) })
  }
}

/** Appends a step to a path, in the form of errors: `message.parts[0].text`. */
function joinPath(path: string, step: string | number): string {
  if (typeof step === 'number') return `${path}[${step}]`
  return path === '' ? step : `${path}.${step}`
}
