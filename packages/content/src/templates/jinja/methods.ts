import { broken, ownValue } from '../output.ts'
import type { Signature } from './parse/bind-arguments.ts'
import type { Budget } from './step-budget.ts'
import type { Run } from './filters/filter.ts'
import { entriesOf, join } from './filters/list-filters.ts'
import {
  capitalize,
  lower,
  occurrences,
  replace,
  title,
  trim,
  upper,
} from './filters/text-filters.ts'
import { isMissing, kindOf, textOf, integerOf } from './values.ts'

type Method = Signature & { run: Run }

/** `value.name(…)`. A missing value counts as empty. */
export function runMethod(
  value: unknown,
  { name, args }: { name: string; args: unknown[] },
  budget: Budget,
): unknown {
  const method = methods.get(name)
  if (method === undefined) throw broken(`uses the method ${name}, which is unknown`)
  budget.step()
  return method.run(value, args, budget)
}

/** A method of texts: `run` receives only texts. */
function ofText(
  parameters: string[],
  run: (text: string, args: unknown[], budget: Budget) => unknown,
) {
  const guarded: Run = (value, args, budget) => {
    if (isMissing(value)) return run('', args, budget)
    if (typeof value !== 'string') throw broken(`asks of ${kindOf(value)} what a text can do`)
    budget.characters(value.length)
    return run(value, args, budget)
  }
  return { parameters, run: guarded }
}

function split(text: string, [separator, maxsplit = -1]: unknown[], budget: Budget): string[] {
  const most = integerOf(maxsplit) < 0 ? Infinity : integerOf(maxsplit)
  if (isMissing(separator)) return words(text, most, budget)
  const between = textOf(separator, budget)
  if (between === '') throw broken('splits a text at nothing')
  budget.items(occurrences(text, between, budget) + 1)
  const parts = text.split(between)
  return parts.length <= most + 1
    ? parts
    : [...parts.slice(0, most), parts.slice(most).join(between)]
}

function words(text: string, most: number, budget: Budget): string[] {
  const found: string[] = []
  for (const { 0: word, index } of text.matchAll(/\S+/g)) {
    budget.items(1)
    if (found.length >= most) return [...found, text.slice(index).trimStart()]
    found.push(word)
  }
  return found
}

/** `affix` may be a list: one text that fits is enough. */
function anyOf(affix: unknown, fits: (text: string) => boolean, budget: Budget): boolean {
  const affixes: unknown[] = Array.isArray(affix) ? affix : [affix]
  return affixes.some((item) => {
    const text = textOf(item, budget)
    budget.characters(text.length)
    return fits(text)
  })
}

/** `loop.cycle('odd', 'even')` */
const cycle: Run = (loop, choices) => {
  const turn = ownValue(loop, 'index0')
  if (typeof turn !== 'number' || choices.length === 0) {
    throw broken('calls cycle() on something else than a loop, or with nothing to choose from')
  }
  return choices[turn % choices.length]
}

const table: Record<string, Method> = {
  upper: ofText([], upper),
  lower: ofText([], lower),
  capitalize: ofText([], capitalize),
  title: ofText([], title),
  strip: ofText([], trim),
  lstrip: ofText([], (text) => text.trimStart()),
  rstrip: ofText([], (text) => text.trimEnd()),
  replace: ofText(['old', 'new', 'count'], replace),
  split: ofText(['sep', 'maxsplit'], split),
  join: ofText(['iterable'], (text, [list], budget) => join(list, [text], budget)),
  startswith: ofText(['prefix'], (text, [prefix], budget) =>
    anyOf(prefix, (part) => text.startsWith(part), budget),
  ),
  endswith: ofText(['suffix'], (text, [suffix], budget) =>
    anyOf(suffix, (part) => text.endsWith(part), budget),
  ),
  items: { parameters: [], run: (map, _, budget) => entriesOf(map, budget) },
  keys: { parameters: [], run: (map, _, budget) => entriesOf(map, budget).map(([key]) => key) },
  values: {
    parameters: [],
    run: (map, _, budget) => entriesOf(map, budget).map(([, value]) => value),
  },
  get: {
    parameters: ['key', 'default'],
    run: (map, [key, instead], budget) => ownValue(map, textOf(key, budget)) ?? instead,
  },
  cycle: { parameters: [], rest: true, run: cycle },
}

export const methods: ReadonlyMap<string, Method> = new Map(Object.entries(table))
