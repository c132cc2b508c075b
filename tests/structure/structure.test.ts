import { describe, expect, test } from 'vitest'
import { cyclesOf } from './cycles.ts'
import { importsOf } from './imports.ts'
import { wrongImports } from './layers.ts'
import { readSourceFiles } from './source-files.ts'

const files = readSourceFiles()
const planted = (path: string, text: string) => importsOf(new Map([...files, [path, text]]))

describe('no import leads upwards', () => {
  test('in this repository', () => {
    expect(wrongImports(importsOf(files))).toEqual([])
  })

  test.for([
    ["import type { TaskStore } from '@longhaul/redis'", 'packages/redis/src/index.ts'],
    ["export * from '../../redis/src/index.ts'", 'packages/redis/src/index.ts'],
    ["const api = import('@longhaul/api')", 'apps/api/src/main.ts'],
  ] as const)('and this one would be found: %s', ([text, target]) => {
    const path = 'packages/core/src/planted.ts'
    expect(wrongImports(planted(path, text))).toContain(`${path} imports ${target}`)
  })

  test('a file without a layer is found', () => {
    const path = 'packages/unknown/src/planted.ts'
    expect(wrongImports(planted(path, ''))).toContain(`${path} is in no layer`)
  })
})

describe('imports have no cycles', () => {
  test('in this repository', () => {
    expect(cyclesOf(importsOf(files))).toEqual([])
  })

  test('a cycle of types through the package’s own index is found', () => {
    const [index, path] = ['packages/core/src/index.ts', 'packages/core/src/planted.ts']
    const text = `${files.get(index) ?? ''}\nexport type { Planted } from './planted.ts'\n`
    const imports = importsOf(
      new Map([
        ...files,
        [index, text],
        [path, "import type { Fact } from '@longhaul/core'\nexport type Planted = Fact\n"],
      ]),
    )
    expect(cyclesOf(imports).join('\n')).toContain('planted.ts')
  })
})

test.for(['api', 'worker'])('the entry point of the %s has less than 100 lines', (app) => {
  expect(files.get(`apps/${app}/src/main.ts`)?.split('\n').length).toBeLessThan(100)
})
