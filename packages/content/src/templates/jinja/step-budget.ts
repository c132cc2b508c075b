import { type Budget as Shared, limits } from '@longhaul/core'
import { broken, overBudget } from '../output.ts'

/** The number of characters, read or written, that cost one step. */
const charactersInStep = 64
/** The cost of an item of a list or a map, in characters. */
const item = 8

export type Budget = ReturnType<typeof payFrom>

/**
 * Pays the costs of a rendering from the steps that are left, which bounds its time and its memory. Every cost is paid
 * before the work is done.
 */
export function payFrom(left: Pick<Shared, 'steps'>) {
  function step(count = 1) {
    left.steps -= Math.max(0, count)
    // True also when a count is NaN.
    if (!(left.steps >= 0)) throw overBudget('takes too many steps')
  }

  function characters(count: number) {
    step(count / charactersInStep)
  }

  function items(count: number) {
    characters(count * item)
  }

  /** Pays for a whole value, before it is compared, or written as JSON with `indent` spaces per level. */
  function whole(value: unknown, indent = 0, depth = 0) {
    characters(item + indent * depth)
    if (typeof value === 'string') characters(value.length)
    if (typeof value !== 'object' || value === null) return
    if (depth >= limits.jsonDepth) throw broken('makes a value that is nested too deeply')
    if (Array.isArray(value)) {
      for (const inner of value) whole(inner, indent, depth + 1)
      return
    }
    for (const key of Object.keys(value)) {
      characters(key.length)
      whole((value as Record<string, unknown>)[key], indent, depth + 1)
    }
  }

  return { step, characters, items, whole }
}
