import { globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { dialectOf, dialects } from './index.ts'

const folder = import.meta.dirname
const names = dialects.map(({ name }) => name)

/** The files of a folder, each with the `dialects` folders that it imports. */
function importsOf(part: string): [file: string, folders: string[]][] {
  return globSync(`${part}/**/*.ts`, { cwd: folder }).map((file) => {
    const text = readFileSync(join(folder, file), 'utf8')
    const targets = [...text.matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) =>
      relative(folder, join(folder, file, '..', path)),
    )
    return [
      file,
      [...names, 'shared'].filter((name) => targets.some((to) => to.startsWith(`${name}/`))),
    ]
  })
}

test.each(names)('the dialect %s imports no other dialect', (name) => {
  const files = importsOf(name)
  expect(files.length).toBeGreaterThan(0)
  const strange = files.filter(([, folders]) =>
    folders.some((each) => each !== name && each !== 'shared'),
  )
  expect(strange).toEqual([])
})

test('the shared code of dialects imports no dialect', () => {
  const files = importsOf('shared')
  expect(files.filter(([, folders]) => folders.some((each) => each !== 'shared'))).toEqual([])
})

test('a body matches at most one dialect', () => {
  for (const body of [{ message: {} }, { input: '' }, { message: {}, input: '' }, {}]) {
    const matching = dialects.filter((dialect) => dialect.matches(body))
    expect([body, matching.length <= 1]).toEqual([body, true])
  }
})

test('a turn has the dialect in its first fact, or else the first dialect', () => {
  for (const dialect of dialects) {
    expect(dialectOf({ asked: { dialect: dialect.name } })).toBe(dialect)
  }
  expect(dialectOf({})).toBe(dialects[0])
  expect(dialectOf({ asked: {} })).toBe(dialects[0])
})
