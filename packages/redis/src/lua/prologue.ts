import { hasEnded, type Status, transitions } from '@longhaul/core'
import { keyPatterns } from '../connection/keys.ts'
import type { Kind, Tail } from './arguments.ts'
import { constants } from './constants.ts'

/** The inputs of a script by name. They are sent in the order of the names. */
export type Inputs = {
  keys: readonly string[]
  args: Readonly<Record<string, Pick<Kind<never>, 'lua'>>>
  tails: Readonly<Record<string, Tail<unknown>>>
  /** Keys that the script builds itself, in the slot of its first key. */
  patterns: readonly (keyof typeof keyPatterns)[]
}

/**
 * The body of a script with its inputs as locals before it. `KEYS` contains the keys and then the keys of the tails.
 * `ARGV` contains the arguments, the number of rows of each tail except the last, and the values of the tails. Scripts
 * run on busy paths, so the code avoids functions and tables where it can.
 */
export function withInputs(inputs: Inputs, body: string): string {
  refuseBadNames(inputs)
  const { keys, args, tails, patterns } = inputs
  const placed = placesOf(tails, { keys: keys.length, args: Object.keys(args).length })
  const code = withConstants(withLoops(body, placed))
  const needsClock = mentions(code, 'clockTime') && !('clockTime' in args)
  const lines = [
    // A local is faster than a global.
    ...(keys.length + Object.keys(args).length > 0 ? ['local KEYS, ARGV = KEYS, ARGV'] : []),
    ...localsOf(keys, (at) => `KEYS[${at + 1}]`),
    ...localsOf(Object.keys(args), (at) => Object.values(args)[at]?.lua(`ARGV[${at + 1}]`) ?? ''),
    ...(needsClock ? ["local clockTime = ''"] : []),
    ...placed.map(({ name, count }) => `local ${name}Count = ${count}`),
    ...patternsOf(patterns),
    ...statusFunctions.filter(({ name }) => mentions(code, name)).map(({ source }) => source),
  ]
  return [...lines, code].join('\n')
}

function mentions(code: string, name: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(code)
}

function withConstants(code: string): string {
  const names = new RegExp(`\\b(${Object.keys(constants).join('|')})\\b`, 'g')
  return code.replaceAll(names, (name) => `${constants[name as keyof typeof constants]}`)
}

function localsOf(names: readonly string[], valueOf: (at: number) => string): string[] {
  if (names.length === 0) return []
  return [`local ${names.join(', ')} = ${names.map((_, at) => valueOf(at)).join(', ')}`]
}

/** The position of the rows of a tail, as Lua: their number, and the number of values before them. */
type PlacedTail = { name: string; tail: Tail<unknown>; count: string; keys: string; args: string }

function placesOf(tails: Inputs['tails'], fixed: { keys: number; args: number }): PlacedTail[] {
  const all = Object.entries(tails)
  let keys = `${fixed.keys}`
  let args = `${fixed.args + Math.max(0, all.length - 1)}`
  return all.map(([name, tail], at) => {
    const [columns, sent, before] =
      tail.keys.length > 0 ? [tail.keys, '#KEYS', keys] : [tail.args, '#ARGV', args]
    const rest =
      columns.length === 1 ? `${sent} - ${before}` : `(${sent} - ${before}) / ${columns.length}`
    const isLast = at === all.length - 1
    const count = isLast ? rest : `tonumber(ARGV[${fixed.args + at + 1}])`
    const placed = { name, tail, count, keys, args }
    if (tail.keys.length > 0) keys = `(${keys} + ${name}Count * ${tail.keys.length})`
    if (tail.args.length > 0) args = `(${args} + ${name}Count * ${tail.args.length})`
    return placed
  })
}

/** Replaces each `for a, b in name() do` over a tail by a loop over its positions. */
function withLoops(body: string, placed: PlacedTail[]): string {
  return placed.reduce((code, { name, tail, keys, args }) => {
    const values = [...valuesOf('KEYS', keys, tail.keys), ...valuesOf('ARGV', args, tail.args)]
    return code.replaceAll(
      new RegExp(`\\bfor ([\\w, ]+) in ${name}\\(\\) do\\b`, 'g'),
      (_, names: string) =>
        `for row = 1, ${name}Count do local ${names} = ${values.slice(0, names.split(',').length).join(', ')}`,
    )
  }, body)
}

function valuesOf(sent: string, before: string, columns: readonly string[]): string[] {
  const { length } = columns
  const row = length === 1 ? 'row' : `(row - 1) * ${length}`
  return columns.map((_, at) => `${sent}[${before} + ${row}${length === 1 ? '' : ` + ${at + 1}`}]`)
}

function patternsOf(patterns: Inputs['patterns']): string[] {
  if (patterns.length === 0) return []
  const functions = patterns.map((name) => {
    const pattern: string = keyPatterns[name]
    // Text and names alternate.
    const parts = pattern.split(/<(\w+)>/)
    const names = parts.filter((_, at) => at % 2 === 1)
    const text = parts
      .map((part, at) => (at % 2 === 1 ? part : part && `'${part}'`))
      .filter((part) => part !== '')
    return `local function ${name}Of(${names.join(', ')}) return shardTag .. ${text.join(' .. ')} end`
  })
  return ["local shardTag = string.match(KEYS[1], '^{[^}]*}')", ...functions]
}

const statuses = Object.keys(transitions) as Status[]

const statusFunctions = [
  statusFunction('isLive', (status) => !hasEnded(status)),
  statusFunction('hasEnded', hasEnded),
]

/** A Lua function that tests whether a status is one of these. */
function statusFunction(name: string, isOne: (status: Status) => boolean) {
  const tests = statuses.filter(isOne).map((status) => `status == '${status}'`)
  return { name, source: `local function ${name}(status) return ${tests.join(' or ')} end` }
}

const reserved = new Set(
  (
    'and break do else elseif end false for function if in local nil not or repeat return then true until while ' +
    'redis cjson cmsgpack bit struct string table math tonumber tostring type unpack ipairs pairs select KEYS ARGV'
  ).split(' '),
)

function refuseBadNames({ keys, args, tails }: Inputs): void {
  const names = [...keys, ...Object.keys(args), ...Object.keys(tails), ...Object.keys(constants)]
  const seen = new Set<string>()
  for (const name of names) {
    if (!/^[a-z]\w*$/i.test(name)) throw new Error(`${name} is no name in Lua`)
    if (reserved.has(name)) throw new Error(`${name} means something else in Lua`)
    if (seen.has(name)) throw new Error(`${name} is given twice`)
    seen.add(name)
  }
}
