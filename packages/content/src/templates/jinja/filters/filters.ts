import { cutText } from '@longhaul/core'
import { broken } from '../../output.ts'
import type { Budget } from '../step-budget.ts'
import type { Filter } from './filter.ts'
import { listFilters } from './list-filters.ts'
import { numberFilters } from './number-filters.ts'
import { textFilters } from './text-filters.ts'
import { isMissing, isTruthy, itemsOf, textOf, valueAt, integerOf } from '../values.ts'

export function runFilter(
  value: unknown,
  { name, args }: { name: string; args: unknown[] },
  budget: Budget,
): unknown {
  const filter = filters.get(name)
  if (filter === undefined) throw broken(`uses the filter ${cutText(name, 100)}, which is unknown`)
  budget.step()
  return filter.run(value, args, budget)
}

/** Replaces a value that is missing or null; with the second argument, every false value. */
const orDefault: Filter = {
  parameters: ['default_value', 'boolean'],
  run: (value, [instead = '', alsoFalse], budget) => {
    const isAbsent = isTruthy(alsoFalse, budget) ? !isTruthy(value, budget) : isMissing(value)
    return isAbsent ? instead : value
  },
}

const general: Record<string, Filter> = {
  default: orDefault,
  d: orDefault,
  // No effect, since nothing is escaped.
  safe: { parameters: [], run: (value) => value },
  tojson: {
    parameters: ['indent'],
    run: (value, [spaces], budget) => {
      // JSON.stringify indents by at most 10 spaces.
      const indent = isMissing(spaces) ? 0 : Math.min(10, Math.max(0, integerOf(spaces)))
      budget.whole(value, indent)
      return JSON.stringify(value ?? null, undefined, indent)
    },
  },
  map: {
    parameters: ['filter', 'first', 'second', 'third', 'attribute', 'default'],
    names: { kind: 'filter', at: 0 },
    run: (value, [filter, first, second, third, attribute, instead], budget) => {
      const items = itemsOf(value, budget)
      if (!isMissing(attribute))
        return items.map((item) => valueAt(item, attribute, budget) ?? instead)
      const called = { name: textOf(filter, budget), args: [first, second, third] }
      return items.map((item) => runFilter(item, called, budget))
    },
  },
}

export const filters: ReadonlyMap<string, Filter> = new Map(
  Object.entries({ ...general, ...textFilters, ...listFilters, ...numberFilters }),
)
