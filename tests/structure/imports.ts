import { globSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { parseSync } from 'oxc-parser'
import { root, type SourceFiles } from './source-files.ts'

/** For each TypeScript file, the files of this repository that it imports, including types and re-exports. */
export type Imports = ReadonlyMap<string, ReadonlySet<string>>

export function importsOf(files: SourceFiles): Imports {
  const code = [...files].filter(([path]) => /\.(?:m?ts|tsx)$/.test(path))
  return new Map(
    code.map(([path, text]) => {
      const targets = requestsOf(path, text).flatMap(
        (request) => resolveImport(path, request) ?? [],
      )
      return [path, new Set(targets.filter((target) => files.has(target)))]
    }),
  )
}

/** The specifiers that a file imports: `./fold.ts`, `@longhaul/core`. */
function requestsOf(path: string, text: string): string[] {
  const { module } = parseSync(path, text)
  return [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
    ...module.dynamicImports.flatMap(({ moduleRequest: { start, end } }) => {
      const literal = /^['"](.*)['"]$/.exec(text.slice(start, end))?.[1]
      return literal ?? []
    }),
  ]
}

/** The file that an import refers to; undefined for an external package. */
export function resolveImport(from: string, request: string): string | undefined {
  if (request.startsWith('.')) return posix.join(posix.dirname(from), request)
  const [, name = '', rest = ''] = /^(@longhaul\/[^/]+)(\/.*)?$/.exec(request) ?? []
  const found = packages.get(name)
  if (found === undefined) return undefined
  const { folder, exports } = found
  const entry = typeof exports === 'string' && rest === '' ? exports : Object(exports)[`.${rest}`]
  return typeof entry === 'string' ? posix.join(folder, entry) : undefined
}

type Package = { name: string; exports?: string | Record<string, string> }

/** The folders of this repository's packages, by package name. */
const packages = new Map(
  globSync('{apps,packages}/*/package.json', { cwd: root }).map((path) => {
    const { name, exports } = JSON.parse(readFileSync(root + path, 'utf8')) as Package
    return [name, { folder: posix.dirname(path), exports }]
  }),
)
