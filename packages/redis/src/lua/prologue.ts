import { keyPatterns } from '../connection/keys.ts'
import type { Kind, Tail } from './arguments.ts'
import { scriptFunctions } from './script-functions.ts'
import { constants } from './constants.ts'

/** The inputs of a script by name. They are sent in the order of the names. */
export type Inputs = {
  keys: readonly string[]
  args: Readonly<Record<string, Pick<Kind<never>, 'lua'>>>
  tails: Readonly<Record<string, Tail<unknown>>>
  /** Keys that the script builds itself, in the slot of its first key. */
  patterns: readonly (keyof typeof keyPatterns)[]
  /** Sets of the shard whose names it builds once, as locals. */
  sets?: readonly (keyof typeof keyPatterns)[]
  /** Arguments without spaces that are sent as one text, because they are nearly always the same. */
  together?: readonly string[]
}

/**
 * The body of a script with its inputs as locals before it. `KEYS` contains the keys and then the keys of the tails.
 * `ARGV` contains the arguments, the number of rows of each tail except the last, and the values of the tails. Scripts
 * run on busy paths, so the code avoids functions and tables where it can.
 */
export function withInputs(inputs: Inputs, body: string): string {
  refuseBadNames(inputs)
  const { keys, args, tails, together = [] } = inputs
  const apart = Object.keys(args).filter((name) => !together.includes(name))
  const sent = apart.length + (together.length > 0 ? 1 : 0)
  const placed = placesOf(tails, { keys: keys.length, args: sent })
  const code = withConstants(withLoops(body, placed))
  const needsClock = mentions(code, 'clockTime') && !('clockTime' in args)
  const lines = [
    // A local is faster than a global.
    ...(keys.length + Object.keys(args).length > 0 ? ['local KEYS, ARGV = KEYS, ARGV'] : []),
    ...localsOf(keys, (at) => `KEYS[${at + 1}]`),
    ...localsOf(apart, (at) => args[apart[at] ?? '']?.lua(`ARGV[${at + 1}]`) ?? ''),
    ...togetherOf(together, args, `ARGV[${sent}]`),
    ...(needsClock ? ["local clockTime = ''"] : []),
    ...placed.map(({ name, count }) => `local ${name}Count = ${count}`),
    ...patternsOf(inputs),
    ...scriptFunctions.filter(({ name }) => mentions(code, name)).map(({ source }) => source),
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

/** The tag of the first key, as Lua. */
const tag = "string.match(KEYS[1], '^{[^}]*}')"

/** Splits the text of the arguments that are sent together. */
function togetherOf(names: readonly string[], args: Inputs['args'], text: string): string[] {
  if (names.length === 0) return []
  const pattern = `^${names.map(() => '(%S*)').join(' ')}$`
  return [
    `-- @kept ${text}`,
    ...localsOf([names.join(', ')], () => `string.match(${text}, '${pattern}')`),
    `${names.join(', ')} = ${names.map((name) => args[name]?.lua(name) ?? name).join(', ')}`,
    '-- @end',
  ]
}

function patternsOf({ keys, patterns, sets = [] }: Inputs): string[] {
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
  return [
    // The name of a set of the shard is the same in all calls for the shard.
    `-- @kept ${keys[0] === 'ring' ? 'KEYS[1]' : tag}`,
    `local shardTag = ${tag}`,
    ...localsOf(sets, (at) => `shardTag .. '${keyPatterns[sets[at] ?? 'due']}'`),
    '-- @end',
    ...functions,
  ]
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
