import { cutText } from '@longhaul/core'
import type { Budget } from '../step-budget.ts'
import { paySearch } from '../contains.ts'
import type { Filter, Run } from './filter.ts'
import { isMissing, isTruthy, textOf, integerOf } from '../values.ts'

export const upper = changed((text) => text.toUpperCase())
export const lower = changed((text) => text.toLowerCase())
export const capitalize = changed(capitalized)
export const title = changed((text) => text.replaceAll(/[^\s({[<-]+/g, capitalized))
export const trim = changed((text) => text.trim())

export const replace: Run = (value, [old, by, count], budget) => {
  const [text, part, instead] = [value, old, by].map((item) => textOf(item, budget)) as [
    string,
    string,
    string,
  ]
  const limit = isMissing(count) ? Infinity : integerOf(count)
  const found = occurrences(text, part, budget)
  const replaced = limit < 0 ? found : Math.min(found, limit)
  budget.items(found)
  budget.characters(replaced * instead.length)
  let met = 0
  return part === '' ? text : text.replaceAll(part, () => ((met += 1) > replaced ? part : instead))
}

/** The number of occurrences of one text in another; zero for an empty text. */
export function occurrences(text: string, part: string, budget: Budget): number {
  if (part === '') return 0
  paySearch(text, part, budget)
  let count = 0
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) count += 1
  return count
}

const indent: Run = (value, [width = 4, first, blank], budget) => {
  const text = textOf(value, budget)
  const count = typeof width === 'string' ? width.length : Math.max(0, integerOf(width))
  const lines = occurrences(text, '\n', budget) + 1
  budget.items(lines)
  budget.characters(count * (lines + 1))
  const space = typeof width === 'string' ? width : ' '.repeat(count)
  const [alsoFirst, alsoBlank] = [isTruthy(first, budget), isTruthy(blank, budget)]
  return text
    .split('\n')
    .map((line, i) => ((i > 0 || alsoFirst) && (line !== '' || alsoBlank) ? space + line : line))
    .join('\n')
}

/** Cuts a text at the end of a word, unless `killwords` is set. */
const truncate: Run = (value, [length = 255, within, end = '...', leeway = 5], budget) => {
  const [text, dots] = [textOf(value, budget), textOf(end, budget)]
  const most = Math.max(0, integerOf(length))
  if (text.length <= most + integerOf(leeway)) return text
  budget.characters(most + dots.length)
  const kept = cutText(text, Math.max(0, most - dots.length))
  const space = isTruthy(within, budget) ? -1 : kept.lastIndexOf(' ')
  return (space === -1 ? kept : kept.slice(0, space)) + dots
}

export const textFilters: Record<string, Filter> = {
  upper: { parameters: [], run: upper },
  lower: { parameters: [], run: lower },
  capitalize: { parameters: [], run: capitalize },
  title: { parameters: [], run: title },
  trim: { parameters: [], run: trim },
  string: { parameters: [], run: (value, _, budget) => textOf(value, budget) },
  replace: { parameters: ['old', 'new', 'count'], run: replace },
  indent: { parameters: ['width', 'first', 'blank'], run: indent },
  truncate: { parameters: ['length', 'killwords', 'end', 'leeway'], run: truncate },
}

/** A filter that changes a text in one pass. */
function changed(change: (text: string) => string): Run {
  return (value, _, budget) => {
    const text = textOf(value, budget)
    budget.characters(text.length)
    return change(text)
  }
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()
}
