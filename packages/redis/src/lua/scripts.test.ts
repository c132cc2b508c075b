import { test as base } from '@longhaul/testbed'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Source } from './define-script.ts'
import type { Inputs } from './prologue.ts'

type Definition = Source & { inputs: Inputs }

const folder = new URL('.', import.meta.url)
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
const luaFiles = files.filter((file) => file.endsWith('.lua') && !file.startsWith('lib/'))
const libraries = files.filter((file) => file.startsWith('lib/'))
const text = (file: string) => readFileSync(new URL(file, folder), 'utf8')

const scripts = await Promise.all(
  luaFiles.map(async (file) => {
    const module = (await import(`./${file.replace(/lua$/, 'ts')}`)) as Record<string, Definition>
    const [[exported, definition] = [], ...others] = Object.entries(module)
    if (exported === undefined || definition === undefined || others.length > 0)
      throw new Error(`${file} has not exactly one definition beside it`)
    return { file, exported, ...definition, body: text(file) }
  }),
)

describe('every Lua file', () => {
  test('has a definition beside it with the same name', () => {
    const misnamed = scripts.filter(({ file, exported }) => exported !== nameFor(file))
    expect(misnamed.map(({ file }) => file)).toEqual([])
    const definitions = files.filter((file) => file.includes('/') && file.endsWith('.ts'))
    expect(new Set(definitions)).toEqual(
      new Set(luaFiles.map((file) => file.replace(/lua$/, 'ts'))),
    )
  })

  test('is sent by some code, and every library is included', () => {
    const packageFolder = new URL('..', folder)
    const sources = readdirSync(packageFolder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /(?<!\.test)\.ts$/.test(file) && !file.startsWith('lua/'))
      .map((file) => readFileSync(new URL(file, packageFolder), 'utf8'))
    const unsent = scripts.filter(
      ({ exported }) => !sources.some((source) => source.includes(`${exported}.call(`)),
    )
    expect(unsent.map(({ file }) => file)).toEqual([])

    const bodies = [...scripts.map(({ body }) => body), ...libraries.map(text)].join('\n')
    const included = [...bodies.matchAll(/^ *-- @include (\S+)$/gm)]
    expect(new Set(included.map(([, library]) => `lib/${library}.lua`))).toEqual(new Set(libraries))
  })

  test('uses every name of its definition, and no position of KEYS or ARGV', () => {
    const unused = scripts.flatMap(({ file, source, inputs: { keys, args, tails } }) => {
      const own = source.slice(source.indexOf('--[['))
      const counts = Object.keys(tails).map((name) => `${name}Count`)
      const names = [...keys, ...Object.keys(args), ...counts]
      return names.filter((name) => !mentions(own, name)).map((name) => `${file}: ${name}`)
    })
    expect(unused).toEqual([])
    const placed = scripts.filter(({ body }) => mentions(body, '(KEYS|ARGV)'))
    expect(placed.map(({ file }) => file)).toEqual([])
  })

  test('uses no name that neither it nor its definition declares', () => {
    const unknown = scripts.flatMap(({ file, source }) =>
      undeclared(source).map((name) => `${file}: ${name}`),
    )
    expect(unknown).toEqual([])
  })

  base('compiles', async ({ redis }) => {
    for (const { source, sha, library } of scripts) {
      expect(await redis.script('LOAD', source)).toBe(sha)
      if (library === undefined) continue
      const loading = redis.call('FUNCTION', 'LOAD', 'REPLACE', library.source(0))
      expect(await loading).toBe(library.name)
    }
  })
})

function nameFor(file: string): string {
  const words = file.replace(/^.*\//, '').replace('.lua', '-script').split('-')
  return words
    .map((word, at) => (at === 0 ? word : `${word[0]?.toUpperCase()}${word.slice(1)}`))
    .join('')
}

function mentions(code: string, name: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(code)
}

const known = new Set(
  (
    'and break do else elseif end false for function if in local nil not or repeat return then true until while ' +
    'redis cjson cmsgpack string table math tonumber tostring type unpack ipairs pairs pcall select next KEYS ARGV'
  ).split(' '),
)

/** Names of a script that are not declared in it: reading one is an error in Redis. */
function undeclared(source: string): string[] {
  const code = source
    .replaceAll(/--\[\[[\s\S]*?\]\]|--.*$|^#!.*$/gm, '')
    .replaceAll(/'(\\.|[^'\\])*'|"(\\.|[^"\\])*"/g, "''")
  const declared = [
    ...code.matchAll(/\blocal (?!function)((?:\w+,\s*)*\w+)/g),
    ...code.matchAll(/\blocal function (\w+)/g),
    ...code.matchAll(/\bfunction ?\w*\(([^)]*)\)/g),
    ...code.matchAll(/\bfor ([\w, ]+?) (?:=|in)/g),
  ].flatMap(([, names = '']) => names.split(/[,\s]+/))
  const all = new Set([...declared, ...known])
  // A field is not a name: a word after a dot, or a key in a table constructor.
  const used = code.matchAll(/(?<![.\w])([a-z_]\w*)\b(?!\s*=[^=][^\n]*[,}])/gi)
  return [...new Set([...used].map(([, name = '']) => name))].filter((name) => !all.has(name))
}
