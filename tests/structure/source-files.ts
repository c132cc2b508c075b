import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The root of the repository. */
export const root = fileURLToPath(new URL('../../', import.meta.url))

/** Every source file by its path from the root, with its text. */
export type SourceFiles = ReadonlyMap<string, string>

/** Reads all source files of the working tree. */
export function readSourceFiles(): SourceFiles {
  const paths = globSync(
    ['{apps,packages}/*/src/**/*.{ts,tsx,mts,lua}', '{scripts,tests}/**/*.{ts,mts,mjs}'],
    {
      cwd: root,
    },
  )
  return new Map(paths.toSorted().map((path) => [path, readFileSync(root + path, 'utf8')]))
}

/** Whether a file is only for tests. */
export function isTest(path: string): boolean {
  return path.startsWith('tests/') || /\.(test|fixture)\.ts$/.test(path)
}
