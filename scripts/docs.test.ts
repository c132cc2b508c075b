import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { startStack, test as base } from '@longhaul/testing'
import { describe, expect, test } from 'vitest'

const withStack = base.extend('env', { scope: 'file' }, async ({ redisUrl }, { onCleanup }) => {
  const stack = await startStack({ redisUrl })
  onCleanup(() => stack.kill())
  return { PATH: process.env['PATH'], LONGHAUL_URL: stack.url, LONGHAUL_API_KEY: stack.key }
})

const readme = readFileSync('README.md', 'utf8')
const architecture = readFileSync('ARCHITECTURE.md', 'utf8')

describe('ARCHITECTURE.md', () => {
  const walk =
    section(architecture, 'One POST, from door to answer').match(/^\d+\. `[^`]+`/gm) ?? []

  test('walks one POST through at most ten files', () => {
    expect(walk.length).toBeGreaterThan(5)
    expect(walk.length).toBeLessThanOrEqual(10)
  })

  test.each(walk)('%s exists', (step) => {
    expect(existsSync(/`([^`]+)`/.exec(step)?.[1] ?? '')).toBe(true)
  })

  const rooms = [
    ...section(architecture, 'The rooms').matchAll(
      /^\| `((?:apps|packages)\/\w+)` \|.*\| ([^|]*) \|$/gm,
    ),
  ]

  test('lists every room', () => {
    const told = new Set(rooms.map(([, room]) => room))
    expect(told).toEqual(new Set([...listing('apps'), ...listing('packages')]))
  })

  test.each(rooms.map(([, room, imports]) => [room, imports]))(
    'tells what %s imports',
    (room, told) => {
      const { dependencies = {} } = JSON.parse(readFileSync(`${room}/package.json`, 'utf8'))
      const declared = Object.keys(dependencies)
        .filter((name) => name.startsWith('@longhaul/'))
        .map((name) => name.slice('@longhaul/'.length))
      expect(told === '–' ? [] : (told ?? '').split(', ').toSorted()).toEqual(declared.toSorted())
    },
  )
})

describe('README.md', () => {
  test('names every variable of .env.example and no other', () => {
    const table = [...section(readme, 'Configuration').matchAll(/^\| (`[A-Z`, _]+) \|/gm)].flatMap(
      ([, names]) => [...(names ?? '').matchAll(/[A-Z_]+/g)].map(([name]) => name),
    )
    const example = [...readFileSync('.env.example', 'utf8').matchAll(/^# ([A-Z_]+)=/gm)].map(
      ([, name]) => name,
    )
    expect(new Set(table)).toEqual(new Set(example))
  })

  test('names only scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
    for (const [, name] of readme.matchAll(/npm (?:run )?(start|test|api|worker|bench)\b/g)) {
      expect(scripts).toHaveProperty(name ?? '')
    }
  })
})

describe('the examples of README.md', () => {
  const example = section(readme, 'The API by example')
  const run = promisify(execFile)

  withStack('work as pasted into a shell', async ({ env }) => {
    const blocks = [...example.matchAll(/```sh\n([\s\S]*?)```/g)]
      .map(([, code]) => code ?? '')
      .slice(1)
    expect(blocks).toHaveLength(3)
    const { stdout } = await run('bash', ['-e', '-c', blocks.join('\n')], { env })
    expect(stdout).toContain('"key":"get_weather"')
    expect(stdout).toContain('"key":"concierge"')
    expect(stdout).toMatch(/"task_id":"[0-9A-Z]{26}".*"status":"(in_progress|completed)"/)
    expect(stdout).toContain('data: [DONE]')
  })

  withStack('work with the official TypeScript SDK', async ({ env }) => {
    const code = /```ts\n([\s\S]*?)```/.exec(example)?.[1] ?? ''
    const flags = ['--input-type=module-typescript', '--eval', code]
    const { stdout } = await run(process.execPath, flags, { env, cwd: 'apps/api' })
    expect(stdout).toMatch(/kind: 'text'/)
    expect(stdout).toMatch(/^(in_progress|completed)$/m)
  })

  withStack('work with the SDK of OpenAI, as does that of its guide', async ({ env }) => {
    const guide = readFileSync('docs/openai-responses.md', 'utf8').replaceAll('desk', 'concierge')
    const samples = [example, guide].map(
      (text) => /```ts\n(import OpenAI [^]*?)```/.exec(text)?.[1],
    )
    for (const code of samples) {
      const flags = ['--input-type=module-typescript', '--eval', code ?? '']
      const { stdout } = await run(process.execPath, flags, { env, cwd: 'apps/api' })
      expect(stdout).toMatch(/\w/)
    }
  })
})

/** The text under a heading, down to the next one of its kind. */
function section(text: string, heading: string): string {
  const start = text.indexOf(`\n## ${heading}\n`)
  expect(start).toBeGreaterThan(-1)
  const end = text.indexOf('\n## ', start + 1)
  return text.slice(start, end === -1 ? undefined : end)
}

function listing(folder: string): string[] {
  return readdirSync(folder).map((name) => `${folder}/${name}`)
}
