import { broken } from '../output.ts'
import type { Budget } from './step-budget.ts'
import { isMissing, itemsOf, kindOf, integerOf } from './values.ts'

type Bounds = { start: unknown; stop: unknown; step: unknown }

/** `value[start:stop:step]` of a text or a list, with bounds that may count from the end. */
export function slice(value: unknown, bounds: Bounds, budget: Budget): unknown {
  if (isMissing(value)) return undefined
  if (typeof value !== 'string' && !Array.isArray(value)) {
    throw broken(`takes a part of ${kindOf(value)}`)
  }
  const [start, stop, step = 1] = [bounds.start, bounds.stop, bounds.step].map((bound) =>
    isMissing(bound) ? undefined : integerOf(bound),
  )
  if (step === 0) throw broken('takes a part in steps of zero')
  if (typeof value === 'string' && step === 1) {
    const part = value.slice(start, stop)
    budget.characters(part.length)
    // A bound may split a surrogate pair.
    return part.toWellFormed()
  }
  const items = itemsOf(value, budget)
  const picked =
    step > 0
      ? items.slice(start, stop)
      : // Backwards from the start to the stop, without the stop.
        items.slice(after(stop, items.length), after(start, items.length)).toReversed()
  const part = picked.filter((_, i) => i % Math.abs(step) === 0)
  return typeof value === 'string' ? part.join('') : part
}

/** The index after a bound, counted from the front. */
function after(bound: number | undefined, length: number): number | undefined {
  if (bound === undefined) return undefined
  return Math.max(0, (bound < 0 ? bound + length : bound) + 1)
}
