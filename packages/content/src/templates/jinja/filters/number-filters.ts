import { broken } from '../../output.ts'
import type { Budget } from '../step-budget.ts'
import type { Filter, Run } from './filter.ts'
import { numberOf, textOf, integerOf } from '../values.ts'

const round: Run = (value, [precision = 0, method = 'common'], budget) => {
  const how = textOf(method, budget)
  const rounded = roundings.get(how)
  if (rounded === undefined) throw broken('rounds by something else than common, ceil or floor')
  const scale = 10 ** integerOf(precision)
  return numberOf(rounded(numberOf(value) * scale) / scale)
}

const roundings = new Map(
  Object.entries({ common: Math.round, ceil: Math.ceil, floor: Math.floor }),
)

export const numberFilters: Record<string, Filter> = {
  abs: { parameters: [], run: (value) => Math.abs(numberOf(value)) },
  round: { parameters: ['precision', 'method'], run: round },
  int: {
    parameters: ['default'],
    run: (value, [instead = 0], budget) => {
      const number = parsed(value, budget)
      return number === undefined ? instead : Math.trunc(number)
    },
  },
  float: {
    parameters: ['default'],
    run: (value, [instead = 0], budget) => parsed(value, budget) ?? instead,
  },
}

/** The value as a number; texts are parsed. */
function parsed(value: unknown, budget: Budget): number | undefined {
  if (typeof value === 'boolean') return Number(value)
  if (typeof value === 'string') budget.characters(value.length)
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}
