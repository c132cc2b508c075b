import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Parser } from '../connection/parser.ts'
import { type Kind, type Tail, text } from './arguments.ts'
import { defaultLimitsText } from './default-limits.ts'
import { type FunctionLibrary, libraryOf } from './function-library.ts'
import { withInlined } from './inline-functions.ts'
import { withoutUnusedFunctions, withUsedFunctions } from './late-functions.ts'
import { type Inputs, withInputs } from './prologue.ts'

type Args = Readonly<Record<string, Kind<never>>>
type Tails = Readonly<Record<string, Tail<unknown>>>
type ArgValues<A extends Args> = {
  readonly [N in keyof A]: A[N] extends Kind<infer T> ? T : never
}
type TailValues<L extends Tails> = {
  readonly [N in keyof L]: L[N] extends Tail<infer V> ? readonly V[] : never
}

/** The complete source of a script, as Redis stores it, and the same as a function if it is often run. */
export type Source = { name: string; source: string; sha: string; library?: FunctionLibrary }

/** A script with the inputs of one call. */
export type Call<R> = {
  script: Source
  keys: string[]
  args: (string | number)[]
  parse: Parser<R>
}

export type Script<K extends string, A extends Args, L extends Tails, R> = Source & {
  inputs: Inputs
  /** The object may contain more keys than the script needs. */
  call(keys: Readonly<Record<K, string>>, values: ArgValues<A> & TailValues<L>): Call<R>
}

/**
 * Defines the Lua file beside `file` (`import.meta.url`): its keys, arguments and reply, by name. In the script, the
 * inputs are locals of the same names. A script that reads `limitDefaults` gets the limits of workspaces that have no
 * others, with every call.
 */
export function defineScript<
  const K extends string,
  const A extends Args,
  R,
  const L extends Tails = {},
>(
  file: string,
  definition: {
    keys: readonly K[]
    args: A
    tails?: L
    patterns?: Inputs['patterns']
    sets?: Inputs['sets']
    together?: readonly (keyof A & string)[]
    /** Whether Redis keeps the script as a function, because each turn or step runs it. */
    isOften?: boolean
    reply: Parser<R>
  },
): Script<K, A, L, R> {
  const { keys, args, tails, patterns = [], sets = [], isOften = false, reply } = definition
  const together: readonly string[] = definition.together ?? []
  const body = withIncludes(read(file.replace(/\.ts$/, '.lua')))
  const readsDefaults = /\blimitDefaults\b/.test(body)
  const allArgs = readsDefaults ? { ...args, limitDefaults: text } : args
  const inputs: Inputs = { keys, args: allArgs, tails: tails ?? {}, patterns, sets, together }
  const script = sourceOf(basename(file, '.ts'), body, { inputs, isOften })
  const all = Object.entries<Kind<never>>(args).map(([name, { send }]) => ({ name, send }))
  const sends = all.filter(({ name }) => !together.includes(name))
  const joined = together.flatMap((name) => all.filter((arg) => arg.name === name))
  const lists = Object.entries(inputs.tails)

  function call(keyNames: Readonly<Record<K, string>>, values: object): Call<R> {
    // Loops, since every accepted task and every step comes through here.
    const named = values as Record<string, never>
    const sent: Call<R> = { script, keys: [], args: [], parse }
    for (const name of keys) sent.keys.push(keyNames[name])
    for (const { name, send } of sends) {
      const value = named[name] as never
      sent.args.push(send === undefined ? value : send(value))
    }
    if (readsDefaults) sent.args.push(defaultLimitsText())
    if (joined.length > 0) sent.args.push(joinedText(joined, named))
    if (lists.length > 0) addTails(sent, lists, named)
    return sent
  }

  function parse(value: unknown): R {
    try {
      return reply(value)
    } catch (error) {
      throw new Error(`the reply of the script ${script.name} is unknown`, { cause: error })
    }
  }

  return { ...script, inputs, call }
}

type Sent = { name: string; send: Kind<never>['send'] }

/** The text of the arguments that are sent together. */
function joinedText(args: Sent[], values: Readonly<Record<string, never>>): string {
  return args
    .map(({ name, send }) => (send === undefined ? values[name] : send(values[name] as never)))
    .join(' ')
}

type Row = string | Readonly<Record<string, string>>

function addTails(
  { keys, args }: Call<unknown>,
  tails: [string, Tail<unknown>][],
  values: Readonly<Record<string, readonly Row[]>>,
): void {
  const last = tails.length - 1
  for (let at = 0; at < last; at += 1) args.push(values[tails[at]?.[0] ?? '']?.length ?? 0)
  for (const [name, columns] of tails) {
    for (const row of values[name] ?? []) {
      for (const column of columns.keys) keys.push(valueIn(row, column))
      for (const column of columns.args) args.push(valueIn(row, column))
    }
  }
}

function valueIn(row: Row, column: string): string {
  return typeof row === 'string' ? row : (row[column] ?? '')
}

/**
 * Builds the source of a script: its inputs as locals, before its body but after its first line, which may contain
 * flags.
 */
function sourceOf(
  name: string,
  body: string,
  { inputs, isOften }: { inputs: Inputs; isOften: boolean },
): Source {
  const [flags = ''] = /^#!lua.*\n/.exec(body) ?? []
  const code = withInlined(withInputs(inputs, body.slice(flags.length)))
  const source = asSource(name, flags + withUsedFunctions(code))
  if (!isOften) return source
  return { ...source, library: libraryOf(source, flags + withoutUnusedFunctions(code)) }
}

/** Replaces includes by the text of libraries. A library contains functions, or steps that several scripts share. */
function withIncludes(body: string): string {
  return body.replaceAll(/^ *-- @include (\S+)$/gm, (_, name: string) =>
    withIncludes(read(new URL(`./lib/${name}.lua`, import.meta.url))),
  )
}

export function asSource(name: string, source: string): Source {
  return { name, source, sha: hash('sha1', source) }
}

function read(path: string | URL): string {
  return readFileSync(new URL(path), 'utf8')
}
