import { broken } from '../output.ts'
import type { Budget } from './step-budget.ts'
import { areEqual, isMap, isMissing, kindOf } from './values.ts'

/** `part in whole`: an item of a list, a key of a map, a piece of a text. A missing value contains nothing. */
export function contains(whole: unknown, part: unknown, budget: Budget): boolean {
  if (isMissing(whole)) return false
  if (Array.isArray(whole)) return whole.some((item) => areEqual(item, part, budget))
  if (isMap(whole)) return typeof part === 'string' && Object.hasOwn(whole, part)
  if (typeof whole !== 'string' || typeof part !== 'string') {
    throw broken(`looks for ${kindOf(part)} in ${kindOf(whole)}`)
  }
  paySearch(whole, part, budget)
  return whole.includes(part)
}

/** A search for a long text can take time proportional to the product of both lengths. */
export function paySearch(text: string, part: string, budget: Budget) {
  budget.characters(text.length * Math.ceil((part.length + 1) / 250))
}
