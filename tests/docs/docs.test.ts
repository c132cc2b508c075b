import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { limits } from '@longhaul/core'
import { type Cluster, clusterTest } from '@longhaul/testbed'
import { describe, expect, test } from 'vitest'
import { createDemoAgent } from '../../scripts/demo-agent.ts'
import { codexVersion } from '../clients/codex.ts'
import { opencodeVersion } from '../clients/opencode.ts'
import {
  anchorsOf,
  documents,
  linksOf,
  read,
  runnable,
  section,
  withoutBlocks,
} from './documents.ts'

/** The result of `npm start`: the demo agent, and a folder with the key. */
const withCluster = clusterTest
  .extend('cluster', { scope: 'file' }, async ({ lent }) => {
    const { url, key } = lent
    await createDemoAgent({ url, key, signal: AbortSignal.timeout(60_000) })
    return lent
  })
  .extend('folder', { scope: 'file' }, async ({ cluster }, { onCleanup }) => {
    const folder = await mkdtemp(join(tmpdir(), 'longhaul-docs-'))
    onCleanup(() => rm(folder, { recursive: true }))
    await mkdir(join(folder, '.data'))
    await writeFile(join(folder, '.data/api-key'), `${cluster.key}\n`)
    return folder
  })

const readme = read('README.md')
/** The version of each package in the catalog. */
const catalog = new Map(
  [...readFileSync('pnpm-workspace.yaml', 'utf8').matchAll(/^ {2}'?([^':]+)'?: ([\d.]+)$/gm)].map(
    ([, name = '', version = '']) => [name, version],
  ),
)
  .set('@openai/codex', codexVersion)
  .set('opencode-ai', opencodeVersion)
const architecture = read('ARCHITECTURE.md')

describe('ARCHITECTURE.md', () => {
  const walk =
    section(architecture, 'One POST, from request to answer').match(/^\d+\. `[^`]+`/gm) ?? []

  test('walks one POST through at most ten files', () => {
    expect(walk.length).toBeGreaterThan(5)
    expect(walk.length).toBeLessThanOrEqual(10)
  })

  test.each(walk)('%s exists', (step) => {
    expect(existsSync(/`([^`]+)`/.exec(step)?.[1] ?? '')).toBe(true)
  })

  const packages = [
    ...section(architecture, 'Packages').matchAll(
      /^\| `((?:apps|packages)\/\w+)` \|.*\| ([^|]*) \|$/gm,
    ),
  ]

  test('lists every package', () => {
    const listed = new Set(packages.map(([, folder]) => folder))
    expect(listed).toEqual(new Set([...listing('apps'), ...listing('packages')]))
  })

  test.each(packages.map(([, folder, imports]) => [folder, imports]))(
    'lists what %s imports',
    (folder, listed) => {
      const { dependencies = {} } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
      const declared = Object.keys(dependencies)
        .filter((name) => name.startsWith('@longhaul/'))
        .map((name) => name.slice('@longhaul/'.length))
      expect(listed === '–' ? [] : (listed ?? '').split(', ').toSorted()).toEqual(
        declared.toSorted(),
      )
    },
  )
})

describe('README.md', () => {
  test('is short', () => {
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(130)
  })

  test('links an existing test for every guarantee', () => {
    const guarantees = rowsOf(section(readme, 'What is guaranteed'))
    expect(guarantees.length).toBeGreaterThanOrEqual(10)
    for (const row of guarantees) {
      const tests = linksOf(row).map(({ path }) => path)
      expect([row, tests]).toEqual([row, expect.arrayContaining([expect.any(String)])])
      for (const path of tests) {
        expect(path).toMatch(/\.test\.ts$/)
        expect([path, existsSync(path)]).toEqual([path, true])
      }
    }
  })

  const clients = rowsOf(section(readme, 'Clients')).map((row) => row.split(' | '))

  test.each(clients)('%s is tested in this version', (client, versions = '', tests = '') => {
    const packages = [...client.matchAll(/`([^`]+)`/g)]
      .map(([, name = '']) => ({ name, version: catalog.get(name) }))
      .filter(({ version }) => version !== undefined)
    expect(packages.length).toBeGreaterThan(0)
    expect(versions).toBe(packages.map(({ version }) => version).join(', '))
    expect(linksOf(tests).length).toBeGreaterThan(0)
  })

  test('names only existing scripts', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
    for (const [, name] of readme.matchAll(/`npm (?!install)(?:run )?([\w:]+)/g)) {
      expect(scripts).toHaveProperty(name ?? '')
    }
  })
})

test('the configuration reference names every variable of .env.example and no other', () => {
  const reference = read('docs/reference/configuration.md')
  const table = [...reference.matchAll(/^\| (`[A-Z`, _]+) \|/gm)].flatMap(([, names]) =>
    [...(names ?? '').matchAll(/[A-Z_]+/g)].map(([name]) => name),
  )
  const example = [...readFileSync('.env.example', 'utf8').matchAll(/^# ([A-Z_]+)=/gm)].map(
    ([, name]) => name,
  )
  expect(new Set(table)).toEqual(new Set(example))
  expect(table).toHaveLength(example.length)
})

describe('the limits reference', () => {
  const rows = [
    ...read('docs/reference/limits.md').matchAll(
      /^\| [^|]+ \| ([^|]+) \| [^|]+ \| `([\w.]+)` \|$/gm,
    ),
  ].map(([, value = '', name = '']) => ({ name, value }))
  const known = leavesOf(limits)

  test('lists every limit of the code once, and no other', () => {
    const names = rows.map(({ name }) => name)
    expect(names.toSorted()).toEqual([...known.keys()].toSorted())
  })

  test.each(rows)('has the value of $name', ({ name, value }) => {
    // Some limits are in seconds, the unit of the API.
    const inSeconds = /\bseconds|Seconds|watchToken/.test(name)
    expect(quantityOf(value, inSeconds)).toBe(known.get(name))
  })
})

test('the map links every page of docs', () => {
  const map = new Set(linksOf(read('docs/README.md')).map(({ path }) => join('docs', path)))
  const pages = [...documents.keys()].filter((file) => file.startsWith('docs/'))
  expect(pages.length).toBeGreaterThan(15)
  expect(pages.filter((page) => page !== 'docs/README.md' && !map.has(page))).toEqual([])
})

describe.each([...documents])('%s', (file, text) => {
  test('links only to existing pages, files and headings', () => {
    const broken = linksOf(text).filter(({ path, anchor }) => {
      const target = path === '' ? file : join(dirname(file), path)
      if (!existsSync(target)) return true
      return anchor !== undefined && !anchorsOf(readFileSync(target, 'utf8')).has(anchor)
    })
    expect(broken).toEqual([])
  })
})

const pages = [...documents].filter(([file]) => file === 'README.md' || file.startsWith('docs/'))

test.each(pages)('%s has no line that is too long', (_, text) => {
  const lines = withoutBlocks(text).split('\n')
  expect(lines.filter((line) => line.length > (line.startsWith('|') ? 200 : 140))).toEqual([])
})

describe('the examples of README.md', () => {
  withCluster('work as pasted into a shell beside `npm start`', async ({ cluster, folder }) => {
    const blocks = runnable(readme, 'sh')
    expect(blocks).toHaveLength(1)
    const script = blocks.join('\n').replaceAll('http://127.0.0.1:3000', cluster.url)
    expect(script).toContain(cluster.url)
    const options = { env: { PATH: process.env['PATH'] }, cwd: folder }
    const { stdout } = await run('bash', ['-eo', 'pipefail', '-c', script], options)
    expect(JSON.parse(stdout)).toMatchObject({
      task_id: expect.stringMatching(/^[0-9A-Z]{26}$/),
      status: 'completed',
    })
  })

  withCluster('work with the SDKs', async ({ cluster }) => {
    const samples = runnable(readme, 'ts')
    expect(samples).toHaveLength(2)
    const [openai, orq] = await Promise.all(samples.map((code) => runSample(code, cluster)))
    expect(openai).toMatch(/^response\.created\n[^]*\nresponse\.completed\n$/)
    expect(orq).toMatch(/^(in_progress|completed)\n$/)
  })
})

withCluster('the TypeScript samples of the guides work', async ({ cluster }) => {
  const guides = read('docs/guides/openai-responses.md').replaceAll('agent/desk', 'agent/demo')
  const samples = [...runnable(read('docs/guides/sdks.md'), 'ts'), ...runnable(guides, 'ts')]
  expect(samples).toHaveLength(6)
  const [orq, ...others] = await Promise.all(samples.map((code) => runSample(code, cluster)))
  expect(orq).toMatch(/kind: 'text'[^]*\n(in_progress|completed)\n$/)
  for (const output of others) expect(output).toContain('This is a simulated answer')
})

withCluster('the samples of the client work', async ({ cluster }) => {
  const samples = runnable(read('packages/client/README.md'), 'ts')
  expect(samples).toHaveLength(3)
  const [first = '', ...others] = samples
  expect(await runSample(first, cluster, 'packages/client')).toMatch(
    /^This is a simulated answer[^]*completed\n$/,
  )
  const outputs = await Promise.all(
    others.map((code) => runSample(code, cluster, 'packages/client')),
  )
  expect(outputs[0]).toMatch(/^turn\.started\n[^]*turn\.completed\n$/)
  expect(outputs[1]).toBe('404 not_found\n')
})

const run = promisify(execFile)

/** Runs a sample and returns its output. It finds the packages that it imports in this folder. */
async function runSample(code: string, { url, key }: Cluster, cwd = 'tests'): Promise<string> {
  const env = { PATH: process.env['PATH'], LONGHAUL_URL: url, LONGHAUL_API_KEY: key }
  const flags = ['--input-type=module-typescript', '--eval', code]
  return (await run(process.execPath, flags, { env, cwd })).stdout
}

/** The numbers in nested objects, by name. */
function leavesOf(of: object, prefix = ''): Map<string, number> {
  const all = Object.entries(of).map(([name, value]): [string, number][] =>
    typeof value === 'number'
      ? [[prefix + name, value]]
      : [...leavesOf(value as object, `${prefix}${name}.`)],
  )
  return new Map(all.flat())
}

const bytes = { KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 }
const seconds = {
  ms: 0.001,
  s: 1,
  minutes: 60,
  hour: 3_600,
  hours: 3_600,
  day: 86_400,
  days: 86_400,
}

/** The value of a cell such as "16 KB" or "1.5 s": a time in milliseconds or in seconds. */
function quantityOf(cell: string, inSeconds: boolean): number {
  const [, digits = '', unit = ''] = /^([\d,.]+)(?: (\w+))?$/.exec(cell) ?? []
  const number = Number(digits.replaceAll(',', ''))
  if (unit === '') return number
  if (unit in bytes) return number * bytes[unit as keyof typeof bytes]
  const time = number * seconds[unit as keyof typeof seconds]
  return inSeconds ? time : Math.round(time * 1_000)
}

/** The rows of the table in a text, without its header. */
function rowsOf(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
}

function listing(folder: string): string[] {
  return readdirSync(folder).map((name) => `${folder}/${name}`)
}
