import { globSync, readFileSync } from 'node:fs'
import { join, normalize } from 'node:path'
import { expect, test } from 'vitest'

/** Each folder imports only folders before it. The last two do not import each other. */
const order = [
  'limits',
  'lib',
  'manifest',
  'history',
  'log',
  'turn',
  'scheduling',
  'time',
  'usage',
  'webhooks',
  'schedules',
  'capacity ports',
]

test('every folder of core imports only folders that come before it', () => {
  const upwards = sources().flatMap(({ file, imports }) =>
    imports
      .filter((other) => folder(other) !== folder(file) && rank(other) >= rank(file))
      .map((other) => `${file} imports ${other}`),
  )
  expect(upwards).toEqual([])
})

test('every file of core is in a folder of this order', () => {
  const unplaced = sources().filter(({ file }) => rank(file) === -1)
  expect(unplaced).toEqual([])
})

function sources(): { file: string; imports: string[] }[] {
  return globSync('**/*.ts', { cwd: import.meta.dirname })
    .filter((file) => !/\.(?:test|fixture)\.ts$/.test(file) && file !== 'index.ts')
    .map((file) => {
      const text = readFileSync(join(import.meta.dirname, file), 'utf8')
      const paths = [...text.matchAll(/ from '(\.[^']+)'/g)].map(([, path = '']) => path)
      return { file, imports: paths.map((path) => normalize(join(file, '..', path))) }
    })
}

function folder(file: string): string {
  return file.split('/')[0] ?? ''
}

function rank(file: string): number {
  return order.findIndex((folders) => folders.split(' ').includes(folder(file)))
}
