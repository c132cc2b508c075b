import * as fc from 'fast-check'

/** Mutates a value: replaces, removes or adds one part of it. */
export function mutatedValue(values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const where = fc.array(fc.nat(), { minLength: 1, maxLength: 6 })
  const change = fc.constantFrom('replace', 'remove', 'add')
  return fc
    .tuple(values, where, change, fc.jsonValue())
    .map(([value, steps, kind, junk]) => spoil(value, steps, { kind, junk }))
}

type Change = { kind: string; junk: unknown }

function spoil(value: unknown, [step, ...steps]: number[], change: Change): unknown {
  if (step === undefined || typeof value !== 'object' || value === null) return change.junk
  const entries = Object.entries(value)
  const at = step % Math.max(entries.length, 1)
  const [key, inner] = entries[at] ?? ['', undefined]
  if (steps.length > 0 && inner !== undefined) entries[at] = [key, spoil(inner, steps, change)]
  else if (change.kind === 'remove') entries.splice(at, 1)
  else if (change.kind === 'add') entries.push([`odd${step}`, change.junk])
  else entries[at] = [key, change.junk]
  return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries)
}
