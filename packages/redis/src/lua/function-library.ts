import { codeOf } from './late-functions.ts'

/** A script as a function of Redis, which is the only one of its library and bears the same name. */
export type FunctionLibrary = {
  name: string
  /** The beginning of the name, which the libraries of all versions of the script have. */
  prefix: string
  /** The source of the library. Its description becomes the time when it was loaded. */
  source: (loadedAt: number) => string
}

/**
 * A script creates its functions and its tables of constants at every call, a library of Redis once. `libraryOf` makes a
 * library of a script: the functions become functions of the library, and the rest becomes the one function that is called.
 * Variables that the functions use belong to the library; each call sets them again where the script declares them. Those
 * between `-- @kept <expression>` and `-- @end` are only set again when the expression has another value.
 *
 * The name ends with the hash of the script, so versions of Longhaul that share a Redis do not disturb each other.
 */
export function libraryOf(
  { name, sha }: { name: string; sha: string },
  script: string,
): FunctionLibrary {
  const prefix = `longhaul_${name.replaceAll('-', '_')}_`
  const library = prefix + sha.slice(0, 16)
  const [flagsLine = ''] = /^#!lua.*\n/.exec(script) ?? []
  const { functions, body, kept } = partsOf(script.slice(flagsLine.length))
  const keeps = withShared(kept, kept)
  const main = withShared(body, functions)
  const sections = withLocalGlobals([functions, keeps.code, main.code])
  const { names, values } = sections
  const lines = [
    `#!lua name=${library}`,
    ...localsOf([...new Set([...keeps.shared, ...main.shared])]),
    ...localsOf(names),
    // The functions of Redis and of Lua are not known while the library is loaded.
    `local function begin() ${names.length > 0 ? `${names.join(', ')} = ${values.join(', ')}` : ''} end`,
    sections.code[0],
    'local function keep(KEYS, ARGV)',
    sections.code[1],
    'end',
    'local function run(KEYS, ARGV)',
    `if not ${names[0] ?? 'true'} then begin() end`,
    'keep(KEYS, ARGV)',
    sections.code[2],
    'end',
  ]
  const flags = flagsOf(flagsLine)
  return {
    name: library,
    prefix,
    source: (loadedAt) =>
      [
        ...lines,
        `redis.register_function{ function_name = '${library}', callback = run,`,
        `  description = '${loadedAt}', flags = { ${flags} } }`,
      ].join('\n'),
  }
}

/** The line that makes locals of the inputs, which a function has as parameters. */
const sameInputs = 'local KEYS, ARGV = KEYS, ARGV'

function localsOf(names: string[]): string[] {
  return names.length > 0 ? [`local ${names.join(', ')}`] : []
}

function flagsOf(line: string): string {
  const [, flags = ''] = /flags=([\w,-]+)/.exec(line) ?? []
  return flags.replaceAll(/[\w-]+/g, "'$&'")
}

/** The functions of a script, its other lines, and before them those that declare what is kept. */
function partsOf(script: string): { functions: string; body: string; kept: string } {
  const parts = { functions: [] as string[], body: [] as string[], kept: [] as string[] }
  let part: keyof typeof parts = 'body'
  for (const line of script.replaceAll(/--\[\[[\s\S]*?\]\]/g, '').split('\n')) {
    const [, value] = /^-- @kept (.+)$/.exec(line) ?? []
    const code = codeOf(line).trimEnd()
    if (value !== undefined) {
      const last = `last${parts.kept.length}`
      part = 'kept'
      parts.kept.push(`if ${last} ~= ${value} then`, `local ${last} = ${value}`)
    } else if (part === 'kept' && line === '-- @end') {
      part = 'body'
      parts.kept.push('end')
    } else if (code !== '' && code !== sameInputs) {
      if (part === 'body' && /^local function \w+/.test(code)) part = 'functions'
      parts[part].push(code)
      if (part === 'functions' && /^end$|^local function .* end$/.test(code)) part = 'body'
    }
  }
  const { functions, body, kept } = parts
  return { functions: functions.join('\n'), body: body.join('\n'), kept: kept.join('\n') }
}

/** Turns the declarations of variables that other code uses into assignments. */
function withShared(code: string, users: string): { code: string; shared: string[] } {
  const used = new Set(users.match(/\w+/g))
  const shared = new Set<string>()
  const left = code.replaceAll(
    /^local ((?:\w+,\s*)*\w+)( =)?/gm,
    (declaration, list: string, assigns = ' = nil') => {
      const names = list.split(/,\s*/)
      const own = names.filter((name) => !used.has(name))
      if (own.length === names.length) return declaration
      for (const name of names) if (used.has(name)) shared.add(name)
      return [...localsOf(own), list + assigns].join('\n')
    },
  )
  return { code: left, shared: [...shared] }
}

const globals =
  /(?<![.\w])(?:(?:redis|string|math|table|cjson)\.\w+|tonumber|tostring|unpack|ipairs|pairs|pcall|type|select)(?=\()/g

/** Replaces the functions of Redis and of Lua by locals, which are faster than globals. */
function withLocalGlobals(sections: string[]): {
  code: string[]
  names: string[]
  values: string[]
} {
  const values = new Set<string>()
  const code = sections.map((section) =>
    section.replaceAll(globals, (value) => {
      values.add(value)
      return localName(value)
    }),
  )
  return { code, names: [...values].map(localName), values: [...values] }
}

function localName(value: string): string {
  return `lua_${value.replace('.', '_')}`
}
