import { broken } from '../../output.ts'
import type { Budget } from '../step-budget.ts'
import type { Filter, Run } from './filter.ts'
import { holds } from '../is-tests.ts'
import {
  compare,
  isMap,
  isMissing,
  isTruthy,
  itemsOf,
  keysOf,
  kindOf,
  numberOf,
  textOf,
  valueAt,
} from '../values.ts'

const length: Run = (value, _, budget) => {
  if (isMissing(value)) return 0
  if (typeof value === 'string' || Array.isArray(value)) return value.length
  if (isMap(value)) return keysOf(value, budget).length
  throw broken(`asks for the length of ${kindOf(value)}`)
}

export const join: Run = (value, [between = '', attribute], budget) => {
  const separator = textOf(between, budget)
  const texts = itemsOf(value, budget).map((item) =>
    textOf(isMissing(attribute) ? item : valueAt(item, attribute, budget), budget),
  )
  for (const text of texts) budget.characters(text.length + separator.length)
  return texts.join(separator)
}

const reverse: Run = (value, _, budget) => {
  const items = itemsOf(value, budget).toReversed()
  return typeof value === 'string' ? items.join('') : items
}

const sort: Run = (value, [reversed, exact, attribute], budget) => {
  const keyed = keyedItems(value, [exact, attribute], budget)
  const sign = isTruthy(reversed, budget) ? -1 : 1
  return keyed.toSorted((a, b) => sign * compare(a.key, b.key, budget)).map(({ item }) => item)
}

const unique: Run = (value, args, budget) => {
  const firsts = new Map<string, unknown>()
  for (const { item, key } of keyedItems(value, args, budget)) {
    const name = `${typeof key} ${textOf(key, budget)}`
    budget.characters(name.length)
    if (!firsts.has(name)) firsts.set(name, item)
  }
  return [...firsts.values()]
}

const sum: Run = (value, [attribute, start = 0], budget) =>
  itemsOf(value, budget).reduce<number>((total, item) => {
    const addend = isMissing(attribute) ? item : valueAt(item, attribute, budget)
    return numberOf(total + numberOf(addend))
  }, numberOf(start))

const attributes = ['case_sensitive', 'attribute']
const tested = ['test', 'argument']

export const listFilters: Record<string, Filter> = {
  length: { parameters: [], run: length },
  count: { parameters: [], run: length },
  list: { parameters: [], run: (value, _, budget) => itemsOf(value, budget) },
  first: { parameters: [], run: (value, _, budget) => itemsOf(value, budget).at(0) },
  last: { parameters: [], run: (value, _, budget) => itemsOf(value, budget).at(-1) },
  reverse: { parameters: [], run: reverse },
  join: { parameters: ['d', 'attribute'], run: join },
  sort: { parameters: ['reverse', ...attributes], run: sort },
  unique: { parameters: attributes, run: unique },
  sum: { parameters: ['attribute', 'start'], run: sum },
  min: { parameters: attributes, run: extreme(-1) },
  max: { parameters: attributes, run: extreme(1) },
  select: { parameters: tested, names: { kind: 'test', at: 0 }, run: chosen(true) },
  reject: { parameters: tested, names: { kind: 'test', at: 0 }, run: chosen(false) },
  selectattr: {
    parameters: ['attribute', ...tested],
    names: { kind: 'test', at: 1 },
    run: chosenByAttribute(true),
  },
  rejectattr: {
    parameters: ['attribute', ...tested],
    names: { kind: 'test', at: 1 },
    run: chosenByAttribute(false),
  },
  items: { parameters: [], run: (value, _, budget) => entriesOf(value, budget) },
  dictsort: {
    parameters: ['case_sensitive', 'by', 'reverse'],
    run: (value, [exact, by = 'key', reversed], budget) => {
      const index = by === 'value' ? 1 : 0
      return sort(entriesOf(value, budget), [reversed, exact, index], budget)
    },
  },
}

/** Items with their sort keys. Texts compare as lower case by default. */
function keyedItems(value: unknown, [exact, attribute]: unknown[], budget: Budget) {
  const isExact = isTruthy(exact, budget)
  return itemsOf(value, budget).map((item) => {
    const key = isMissing(attribute) ? item : valueAt(item, attribute, budget)
    if (isExact || typeof key !== 'string') return { item, key }
    budget.characters(key.length)
    return { item, key: key.toLowerCase() }
  })
}

function extreme(sign: 1 | -1): Run {
  return (value, args, budget) => {
    const [first, ...rest] = keyedItems(value, args, budget)
    return rest.reduce(
      (best, next) => (best && compare(next.key, best.key, budget) * sign > 0 ? next : best),
      first,
    )?.item
  }
}

function chosen(wanted: boolean): Run {
  return (value, args, budget) => chosenByAttribute(wanted)(value, [undefined, ...args], budget)
}

function chosenByAttribute(wanted: boolean): Run {
  return (value, [attribute, test, argument], budget) =>
    itemsOf(value, budget).filter((item) => {
      const tried = isMissing(attribute) ? item : valueAt(item, attribute, budget)
      const does = isMissing(test)
        ? isTruthy(tried, budget)
        : holds(textOf(test, budget), [tried, argument], budget)
      return does === wanted
    })
}

export function entriesOf(value: unknown, budget: Budget): [key: string, value: unknown][] {
  if (isMissing(value)) return []
  if (!isMap(value)) throw broken(`goes through ${kindOf(value)} as through a map`)
  return keysOf(value, budget).map((key) => [key, value[key]])
}
