import { test as base } from '@longhaul/testing'
import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect } from 'vitest'
import { createPython } from './python.ts'

const run = promisify(execFile)
const unpacked = fileURLToPath(new URL('../../../../.tools/sandbox', import.meta.url))
const path = process.env['PATH'] ?? ''

const test = base
  .extend('signal', () => new AbortController().signal)
  .extend('python', { scope: 'file' }, () => createPython({ path, unpacked }))
  /** Runs code as a tool would. */
  .extend('outcome', ({ python, signal }) => {
    return (code: string, params = {}) => python.run(code, { params, seconds: 20, signal })
  })

// On other systems there is no sandbox, which has a test of its own.
describe.for(process.platform === 'linux' ? ['code'] : [])('%s', () => {
  test('has its arguments as variables and as a dictionary', async ({ outcome }) => {
    const code = 'result = [name, params["name"], params["not a name"]]'
    expect(await outcome(code, { name: 'Ada', 'not a name': 1 })).toEqual({
      result: ['Ada', 'Ada', 1],
      stdout: '',
    })
  })

  test('that leaves nothing has no result, and what it prints is kept', async ({ outcome }) => {
    expect(await outcome('print("héllo")\nprint(2)')).toEqual({
      result: null,
      stdout: 'héllo\n2\n',
    })
  })

  test('may end itself', async ({ outcome }) => {
    expect(await outcome('result = 1\nraise SystemExit')).toMatchObject({ result: 1 })
    await expect(outcome('import sys\nsys.exit("enough")')).rejects.toThrow('enough')
  })

  test.for([
    ['def f():\n  return 1 / 0\n\nprint("begun")\nf()', /ZeroDivisionError.*line 2.*\n.*begun/],
    ['if True\n  pass', /SyntaxError.*line 1/],
    ['result = float("nan")', /cannot be written as JSON/],
    ['result = {}\nresult["x"] = result', /cannot be written as JSON/],
  ] as const)('that goes wrong says where: %j', async ([code, why], { outcome }) => {
    await expect(outcome(code)).rejects.toThrow(why)
  })

  test('has what is no JSON as text', async ({ outcome }) => {
    const code = 'import datetime\nresult = datetime.date(2026, 1, 2)'
    expect(await outcome(code)).toMatchObject({ result: '2026-01-02' })
  })

  test('has what is installed for the Python that the operator has chosen', async ({
    signal,
    onTestFinished,
  }) => {
    const venv = await mkdtemp(join(tmpdir(), 'longhaul-venv-'))
    onTestFinished(() => rm(venv, { recursive: true, force: true }))
    await run('python3', ['-m', 'venv', '--without-pip', venv], {
      env: { PATH: `/usr/bin:${unpacked}/usr/bin` },
    })
    await chmod(venv, 0o755)
    const [version = ''] = await readdir(join(venv, 'lib'))
    await writeFile(join(venv, 'lib', version, 'site-packages', 'ours.py'), 'answer = 42\n')
    const python = createPython({ python: join(venv, 'bin/python3'), path, unpacked })
    const options = { params: {}, seconds: 20, signal }
    expect(await python.run('import ours\nresult = ours.answer', options)).toMatchObject({
      result: 42,
    })
  })

  test.for([
    [{ python: '/no/python', path }, 'there is no Python at /no/python'],
    [{ path: '/nowhere', unpacked: '/nowhere' }, 'bubblewrap is not installed'],
  ] as const)('without %j says what is missing', async ([more, why], { signal }) => {
    const python = createPython({ unpacked, ...more })
    const options = { params: {}, seconds: 20, signal }
    await expect(python.run('result = 1', options)).rejects.toThrow(
      `code cannot be run here: ${why}`,
    )
  })
})
