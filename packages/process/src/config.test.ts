import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseConfig } from './config.ts'
import { variables } from './variables.ts'

const { REDIS_URL, PORT, LOG_LEVEL } = variables

test('unset variables get defaults, and an empty text counts as not set', () => {
  const env = { REDIS_URL: 'redis://127.0.0.1:6379', PORT: '', LOG_LEVEL: '  ' }
  expect(parseConfig(env, { REDIS_URL, PORT, LOG_LEVEL })).toEqual({
    ok: true,
    config: {
      REDIS_URL: expect.objectContaining({ host: '127.0.0.1', port: 6379 }),
      PORT: 3000,
      LOG_LEVEL: 'info',
    },
  })
})

test('every wrong variable has its own line, in the order of the shape', () => {
  const parsed = parseConfig({ PORT: 'http', LOG_LEVEL: 'loud' }, { REDIS_URL, PORT, LOG_LEVEL })
  expect(parsed).toEqual({
    ok: false,
    problems: [
      expect.stringMatching(/^REDIS_URL is not set; it must be the URL of a Redis server/),
      'PORT must be a port, 0 to 65535, but is "http"',
      'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent, but is "loud"',
    ],
  })
})

test('a process with a wrong environment prints each problem to stderr, and exits with 1', () => {
  const run = readIn(folder(''), { REDIS_URL: 'http://nowhere', PORT: '99999' })
  expect(run.status).toBe(1)
  expect(run.stdout).toBe('')
  expect(run.stderr.trimEnd().split('\n')).toEqual([
    expect.stringMatching(/^REDIS_URL must be /),
    expect.stringMatching(/^PORT must be /),
  ])
})

test('.env is read if it exists, and the environment has precedence', () => {
  const run = readIn(folder('REDIS_URL=redis://file\nPORT=4000\n'), { PORT: '5000' })
  expect(run.stderr).toBe('')
  expect(JSON.parse(run.stdout)).toMatchObject({ REDIS_URL: { host: 'file' }, PORT: 5000 })
})

test('a missing .env is not an error', () => {
  const run = readIn(folder(undefined), { REDIS_URL: 'redis://real' })
  expect(JSON.parse(run.stdout)).toMatchObject({ REDIS_URL: { host: 'real' }, PORT: 3000 })
})

function folder(envFile: string | undefined): string {
  const path = mkdtempSync(join(tmpdir(), 'longhaul-config-'))
  if (envFile !== undefined) writeFileSync(join(path, '.env'), envFile)
  return path
}

function readIn(cwd: string, env: Record<string, string>) {
  const front = new URL('./index.ts', import.meta.url).href
  const program = `
    import { readConfig, variables } from ${JSON.stringify(front)}
    const { REDIS_URL, PORT } = variables
    console.log(JSON.stringify(readConfig({ REDIS_URL, PORT })))`
  return spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd,
    env,
    encoding: 'utf8',
  })
}
