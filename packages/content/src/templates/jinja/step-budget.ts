import { type Budget as Shared, limits } from '@longhaul/core'
import { broken, overBudget } from '../output.ts'

/** As many characters, looked at or made, cost as much as one step. */
const charactersInStep = 64
/** An item of a list or a map costs as much as so many characters. */
const item = 8

export type Budget = ReturnType<typeof payFrom>

/**
 * What a rendering may do with the steps that are left, and so how long it takes and how much it holds in memory.
 * Every cost is paid before the work is done.
 */
export function payFrom(left: Pick<Shared, 'steps'>) {
  function step(count = 1) {
    left.steps -= Math.max(0, count)
    // Also when a count is not a number.
    if (!(left.steps >= 0)) throw overBudget('takes too many steps')
  }

  function characters(count: number) {
    step(count / charactersInStep)
  }

  function items(count: number) {
    characters(count * item)
  }

  /** All that is in a value, before it is compared, or written as JSON with so many spaces per level. */
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
