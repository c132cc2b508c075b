type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
type Named = { [key: string]: Json }

/**
 * The statements of an OpenAPI document, one per leaf: its path and its value as JSON. Texts and examples for
 * readers are omitted, references are resolved, and the order of unordered lists is ignored.
 */
export function statementsOf(document: Json): Set<string> {
  const statements = new Set<string>()
  add(document, { path: [], isMap: false, open: [] })
  return statements

  function add(value: Json, place: Place): void {
    if (Array.isArray(value)) addList(value, place)
    else if (typeof value !== 'object' || value === null) state(value, place)
    else if (typeof value['$ref'] === 'string') addNamed(value['$ref'], place)
    else addObject(value, place)
  }

  function addNamed(reference: string, place: Place): void {
    // A recursive schema has been stated at its first occurrence.
    if (place.open.includes(reference)) state(reference, place)
    else add(resolve(document, reference), { ...place, open: [...place.open, reference] })
  }

  function addObject(value: Named, place: Place): void {
    const entries = Object.entries(value).filter(
      ([key]) =>
        place.isMap || (!texts.has(key) && !(place.path.length === 0 && key === 'components')),
    )
    if (entries.length === 0) state({}, place)
    for (const [key, item] of entries) {
      if (!place.isMap && key === 'mapping')
        state(Object.keys(Object(item)).toSorted(), at(place, key))
      else if (!place.isMap && literal.has(key)) state(item, at(place, key))
      else add(item, { ...at(place, key), isMap: !place.isMap && maps.has(key) })
    }
  }

  function addList(list: Json[], place: Place): void {
    const names = list.map((item) => nameOf(item, document))
    const areNames = new Set(names).size === list.length && !names.includes(undefined)
    for (const [index, item] of list.entries()) {
      if (typeof item === 'object' && item !== null) {
        add(item, at(place, areNames ? `[${names[index]}]` : `[${index}]`))
      } else state(item, at(place, '[]'))
    }
  }

  function state(value: Json, { path }: Place): void {
    statements.add(`${path.join(' ')} = ${JSON.stringify(value)}`)
  }
}

/** `isMap`: the keys are names of the document, not keywords. `open`: the references on the path to here. */
type Place = { path: string[]; isMap: boolean; open: string[] }

const texts = new Set(['description', 'summary', 'title', 'example', 'examples'])
const literal = new Set(['const', 'default'])
const maps = new Set([
  'properties',
  'paths',
  'responses',
  'headers',
  'content',
  'patternProperties',
])

function at(place: Place, key: string): Place {
  return { ...place, path: [...place.path, key] }
}

function resolve(document: Json, reference: string): Json {
  const steps = reference.split('/').slice(1)
  return steps.reduce<Json>((value, step) => (value as Named)[step] ?? null, document)
}

/** The name of a member of a list: for a parameter its location and name, for a branch its discriminating constant. */
function nameOf(item: Json, document: Json): string | undefined {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return undefined
  if (typeof item['$ref'] === 'string') return nameOf(resolve(document, item['$ref']), document)
  if (typeof item['in'] === 'string') return `${item['in']} ${JSON.stringify(item['name'])}`
  const properties = Object(item['properties']) as Record<string, Named | undefined>
  for (const key of ['type', 'kind']) {
    const value = properties[key]?.['const']
    if (typeof value === 'string') return value
  }
  return undefined
}
