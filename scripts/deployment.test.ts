import { existsSync } from 'node:fs'
import { glob, readFile, stat } from 'node:fs/promises'
import { join, matchesGlob } from 'node:path'
import { variables } from '@longhaul/process'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import packageJson from '../package.json' with { type: 'json' }

type Service = {
  image?: string
  build?: { context: string; args: { APP: string } }
  command?: string[]
  ports?: string[]
  environment?: Record<string, string | number>
  volumes?: string[]
  healthcheck: { test: string[] }
  stop_grace_period: string
  init: boolean
  read_only: boolean
  cap_drop: string[]
  security_opt: string[]
}

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFile(join(root, path), 'utf8')
const composeText = await read('docker-compose.yml')
const compose = parse(composeText, { merge: true }) as {
  services: Record<string, Service>
  volumes: Record<string, unknown>
}
const dockerfile = await read('Dockerfile')
const instructions = dockerfile
  .split('\n')
  .filter((line) => /^[A-Z]+ /.test(line))
  .map((line) => line.split(/ (.*)/s) as [string, string])
const instruction = (name: string) => instructions.filter(([word]) => word === name)
const built = Object.entries(compose.services).filter(([, { build }]) => build !== undefined)
const documented = [...(await read('.env.example')).matchAll(/^# ([A-Z][A-Z_]+)=/gm)].map(
  ([, name]) => name,
)

type Manifest = { name: string; dependencies?: Record<string, string> }

/** The files that the Dockerfile's COPY lines copy: their sources without those in .dockerignore. */
async function copiedFiles(sources: string[]): Promise<string[]> {
  const ignored = (await read('.dockerignore')).split('\n').filter((line) => line !== '')
  const copied: string[] = []
  const patterns = sources.flatMap((source) => [source, `${source}/**`])
  for await (const file of glob(patterns, { cwd: root, exclude: ['**/node_modules'] })) {
    const left = ignored.some((line) => matchesGlob(file, line) || matchesGlob(file, `${line}/**`))
    if (!left && (await stat(join(root, file))).isFile()) copied.push(file)
  }
  return copied
}

describe('docker-compose.yml', () => {
  test('builds the api and the worker from the Dockerfile at the root', () => {
    expect(built.map(([name]) => name)).toEqual(['api', 'worker'])
    for (const [name, { build }] of built) {
      expect(build).toEqual({ context: '.', args: { APP: name } })
    }
  })

  test('runs a Redis that neither loses nor evicts data', () => {
    const { command = [], volumes = [] } = compose.services['redis']!
    const flags = Object.fromEntries(
      command.slice(1).flatMap((word, at, all) => (at % 2 === 0 ? [[word, all[at + 1]]] : [])),
    )
    expect(command[0]).toBe('redis-server')
    expect(flags).toMatchObject({
      '--appendonly': 'yes',
      '--appendfsync': 'everysec',
      '--maxmemory-policy': 'noeviction',
    })
    expect(volumes).toEqual(['redis:/data'])
    expect(Object.keys(compose.volumes)).toEqual(['redis'])
  })

  test('runs Redis with the settings that save memory, as npm start and the docs do', async () => {
    const { command = [] } = compose.services['redis']!
    const [, settings = ''] = /```text\n(hash-max-.+?)```/s.exec(
      await read('docs/operate/redis.md'),
    )!
    const recommended = settings
      .trim()
      .split('\n')
      .map((line) => line.split(' '))
    expect(recommended).toHaveLength(2)
    const started = await read('packages/provision/src/redis-server.ts')
    for (const [name, value] of recommended) {
      expect(command[command.indexOf(`--${name}`) + 1]).toBe(value)
      expect(started).toContain(`['--${name}', '${value}']`)
    }
  })

  test('publishes only the api, and by default only to this machine', () => {
    const published = Object.entries(compose.services).flatMap(([name, { ports }]) =>
      ports === undefined ? [] : [[name, ports]],
    )
    expect(published).toEqual([['api', ['${HOST:-127.0.0.1}:${PORT:-3000}:3000']]])
  })

  test('names its images by a tag', () => {
    const images = Object.values(compose.services).flatMap(({ image }) => image ?? [])
    expect(images).toEqual([expect.stringMatching(/^redis:(?!latest)\S+$/)])
  })

  test('gives every service time to stop, and no unnecessary rights', () => {
    for (const service of Object.values(compose.services)) {
      expect(service).toMatchObject({
        stop_grace_period: '20s',
        init: true,
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      })
    }
  })

  test('gives a worker more time to stop than a drain takes', () => {
    const drain = variables.LONGHAUL_DRAIN_MS.parse(undefined)
    expect(drain).toBeLessThan(Number.parseInt(compose.services['worker']!.stop_grace_period) * 900)
  })

  test('uses only existing variables', () => {
    const set = built.flatMap(([, { environment }]) => Object.keys(environment ?? {}))
    const asked = [...composeText.matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name)
    expect(asked).toContain('LONGHAUL_API_KEYS')
    for (const name of [...set, ...asked]) expect(documented).toContain(name)
  })

  test('gives each app its required variables', () => {
    for (const [, { environment }] of built) {
      expect(environment?.['REDIS_URL']).toBe('redis://redis:6379')
    }
    expect(compose.services['api']!.environment?.['LONGHAUL_API_KEYS']).toMatch(
      /^\$\{LONGHAUL_API_KEYS:\?.+\}$/,
    )
  })

  test('checks the health on the port of the app', () => {
    const port = { api: 'PORT', worker: 'WORKER_PORT' }
    for (const [name, { environment, healthcheck }] of built) {
      const given = environment?.[port[name as keyof typeof port]]
      expect(healthcheck.test.join(' ')).toContain(`http://127.0.0.1:${given}/readyz`)
    }
  })
})

describe('Dockerfile', () => {
  test('uses the same versions of Node and pnpm as the toolchain', async () => {
    const node = (await read('.node-version')).trim()
    const toolchain = await read('scripts/with-toolchain.mjs')
    for (const [, image] of instruction('FROM')) expect(image).toMatch(`node:${node}-slim`)
    expect(toolchain).toContain(`const NODE = '${node}'`)
    const pnpm = packageJson.packageManager
    expect(dockerfile).toContain(`npm install --global ${pnpm}\n`)
    expect(toolchain).toContain(`const PNPM = '${pnpm.split('@')[1]}'`)
  })

  const sources = instruction('COPY')
    .filter(([, words]) => !words.startsWith('--from='))
    .flatMap(([, words]) => words.split(' ').slice(0, -1))

  test('copies only existing files', () => {
    expect(sources.length).toBeGreaterThan(0)
    expect(sources.filter((source) => !existsSync(join(root, source)))).toEqual([])
  })

  test('copies the packages that the apps depend on', async () => {
    const copied = await copiedFiles(sources)
    const folders = new Set(['apps/api', 'apps/worker'])
    for (const folder of folders) {
      const { dependencies = {} } = JSON.parse(await read(`${folder}/package.json`)) as Manifest
      for (const [name, version] of Object.entries(dependencies)) {
        if (version.startsWith('workspace:')) folders.add(name.replace('@longhaul', 'packages'))
      }
    }
    expect(folders.size).toBeGreaterThan(5)
    for (const folder of folders) expect(copied).toContain(`${folder}/package.json`)
  })

  test('copies no test and no tool, and nothing that imports one', async () => {
    const copied = await copiedFiles(sources)
    const foreign = /\.(test|fixture)\.ts$|^(docs|scripts|tests)\/|^packages\/(provision|testbed)\//
    expect(copied.filter((file) => foreign.test(file))).toEqual([])
    const importing = / from '(vitest|fast-check|@longhaul\/(provision|testbed|tests))\b/
    const texts = await Promise.all(
      copied.map(async (file) => ({ file, text: file.endsWith('.ts') ? await read(file) : '' })),
    )
    expect(texts.filter(({ text }) => importing.test(text)).map(({ file }) => file)).toEqual([])
  })

  test.each(built)('installs and starts the %s', async (app) => {
    const manifest = JSON.parse(await read(`apps/${app}/package.json`)) as Manifest
    const filter = /--filter-prod "(.+)\.\.\."/.exec(dockerfile)?.[1]
    expect(filter?.replace('$APP', app)).toBe(manifest.name)
    const main = /exec node (\S+)"\]/.exec(instruction('CMD')[0]?.[1] ?? '')?.[1]
    expect(existsSync(join(root, main?.replace('$APP', app) ?? 'no CMD'))).toBe(true)
  })

  test('does not run as root, and listens on all addresses', () => {
    expect(instruction('USER').at(-1)?.[1]).toBe('node')
    expect(dockerfile).toMatch(/^ENV .*\bHOST=0\.0\.0\.0\b/m)
  })

  test('leaves out private files of the building machine', async () => {
    const ignored = (await read('.dockerignore')).split('\n')
    expect(ignored).toEqual(
      expect.arrayContaining(['**/node_modules', '.git', '.data', '.tools', '.env']),
    )
  })
})

describe('.env.example', () => {
  test('names exactly the variables that the processes read', () => {
    expect(documented).toHaveLength(Object.keys(variables).length)
    expect(new Set(documented)).toEqual(new Set(Object.keys(variables)))
  })

  test('shows the actual defaults', async () => {
    const shown = [...(await read('.env.example')).matchAll(/^# ([A-Z][A-Z_]+)=(.+)$/gm)]
    expect(shown.length).toBeGreaterThan(5)
    for (const [, name, value] of shown) {
      const schema = variables[name as keyof typeof variables]
      expect([name, schema.parse(value)]).toEqual([name, schema.parse(undefined)])
    }
  })

  test('leaves out no variable that a source file reads', async () => {
    const clocks = ['SHIFTED_CLOCK_MS', 'BLOCKING_MS']
    const ofTests = ['CHROME_PATH', 'TEST_LANE', 'TEST_SEED', 'TEST_REDIS_FORM', ...clocks]
    const foreign = ['CI', 'PATH', 'NODE_ENV', 'INIT_CWD', ...ofTests]
    const files = glob(['{apps,packages}/*/src/**/*.ts', 'scripts/**/*.{ts,mjs}'], { cwd: root })
    const used = new Map<string, string>()
    for await (const file of files) {
      // Variables that only tests read are documented with the tests.
      if (file.endsWith('.test.ts')) continue
      // The command line runs where its user is. Its variables are in its guide.
      if (file.startsWith('apps/cli/')) continue
      for (const [, name = ''] of (await read(file)).matchAll(
        /\benv(?:\.|\[')([A-Z][A-Z0-9_]+)/g,
      )) {
        used.set(name, file)
      }
    }
    expect([...used.keys()]).toContain('REDIS_URL')
    const unknown = [...used].filter(([name]) => ![...documented, ...foreign].includes(name))
    expect(unknown).toEqual([])
  })
})

describe('package.json', () => {
  test('starts only existing files', () => {
    const words = Object.values(packageJson.scripts).flatMap((line) => line.split(' '))
    const files = words.filter((word) => /\.(ts|mjs)$/.test(word))
    expect(files).toContain('apps/worker/src/main.ts')
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([])
  })
})
