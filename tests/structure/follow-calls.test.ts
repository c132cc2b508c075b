import { describe, expect, test } from 'vitest'
import { type Code, indexCode } from './code-index.ts'
import { followCalls, type Reading, type Route } from './follow-calls.ts'
import { readSourceFiles } from './source-files.ts'

const sources = readSourceFiles()
const index = indexCode(sources)

describe('a reader who follows the code returns to a file at most once', () => {
  test('from the submission of a turn', () => {
    const { files, returns } = follow(topLevel('packages/tasks', 'submit'), {
      packages: ['packages/tasks'],
      members: [],
    })
    expect(files.length).toBeGreaterThan(5)
    expect(returns.length < 2 ? [] : returns).toEqual([])
  })

  test('from the folding of facts', () => {
    const { returns } = follow(topLevel('packages/core', 'fold'), {
      packages: ['packages/core'],
      members: [...index.members.keys()],
    })
    expect(returns.length < 2 ? [] : returns).toEqual([])
  })

  test('from the end of a turn to its parents and children', () => {
    const { files, returns } = follow(memberBeside('apps/worker', 'end', 'park'), {
      packages: ['apps/worker', 'packages/redis'],
      members: ['append', 'settle'],
    })
    expect(files.some((file) => file.startsWith('packages/redis/'))).toBe(true)
    expect(returns.length < 2 ? [] : returns).toEqual([])
  })
})

describe('a return is counted', () => {
  const a = `import { b, d } from './b.ts'
    export function a(x) { const y = b(x); return d(y) }
    export function c(z) { return z }`
  const b = `import { c } from './a.ts'
    export function b(x) { return x }
    export function d(y) { return c(y) }`
  const files = new Map([
    ['packages/p/src/a.ts', a],
    ['packages/p/src/b.ts', b],
  ])

  test('when a call leads back into a file, and not when a function ends', () => {
    const planted = indexCode(files)
    const start = planted.named('packages/p/src/a.ts', 'a')
    expect(start && followCalls(start, planted, { packages: ['packages/p'], members: [] })).toEqual(
      {
        files: ['packages/p/src/a.ts', 'packages/p/src/b.ts'],
        returns: [
          'packages/p/src/a.ts → packages/p/src/b.ts, d',
          'packages/p/src/b.ts → packages/p/src/a.ts, c',
        ],
      },
    )
  })
})

function follow(start: Code | undefined, reading: Reading): Route {
  if (start === undefined) throw new Error('there is no function of this name to start from')
  return followCalls(start, index, reading)
}

/** The function of this name at the top of a file of a package. */
function topLevel(folder: string, name: string): Code | undefined {
  const files = [...sources.keys()].filter((file) => file.startsWith(`${folder}/src/`))
  return files.map((file) => index.topOf(file).get(name)).find((code) => code !== undefined)
}

/** The member of this name that a package has in one file with another. */
function memberBeside(folder: string, name: string, other: string): Code | undefined {
  const others = new Set(index.members.get(other)?.map(({ file }) => file))
  const own = index.members.get(name)?.filter(({ file }) => file.startsWith(`${folder}/src/`))
  return own?.find(({ file }) => others.has(file))
}
