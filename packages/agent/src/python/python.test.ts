import { test as base } from '@longhaul/testbed'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect } from 'vitest'
import { createPython } from './python.ts'
import { limits } from '@longhaul/core'

const run = promisify(execFile)
const unpacked = fileURLToPath(new URL('../../../../.tools/sandbox', import.meta.url))
const path = process.env['PATH'] ?? ''
const memory = 2_048 * 1024 * 1024

const test = base
  .extend('signal', () => new AbortController().signal)
  .extend('python', { scope: 'file' }, () => createPython({ path, unpacked, memory }))
  /** Runs code as a tool would. */
  .extend('outcome', ({ python, signal }) => {
    return (code: string, params = {}) =>
      python.run(code, { workspace: 'w', params, seconds: 20, signal })
  })

// On other systems there is no sandbox; another test covers that.
describe.for(process.platform === 'linux' ? ['code'] : [])('%s', () => {
  test('has its arguments as variables and as a dictionary', async ({ outcome }) => {
    const code = 'result = [name, params["name"], params["not a name"]]'
    expect(await outcome(code, { name: 'Ada', 'not a name': 1 })).toEqual({
      result: ['Ada', 'Ada', 1],
      stdout: '',
    })
  })

  test('that sets no result has none, and its output is kept', async ({ outcome }) => {
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

  test('has a result that is not JSON as text', async ({ outcome }) => {
    const code = 'import datetime\nresult = datetime.date(2026, 1, 2)'
    expect(await outcome(code)).toMatchObject({ result: '2026-01-02' })
  })

  test('has the packages of the Python that the operator has chosen', async ({
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
    const python = createPython({ python: join(venv, 'bin/python3'), path, unpacked, memory })
    const options = { workspace: 'w', params: {}, seconds: 20, signal }
    expect(await python.run('import ours\nresult = ours.answer', options)).toMatchObject({
      result: 42,
    })
  })

  test.for([
    [{ python: '/no/python', path }, 'there is no Python at /no/python'],
    [{ path: '/nowhere', unpacked: '/nowhere' }, 'bubblewrap is not installed'],
  ] as const)('without %j says what is missing', async ([more, why], { signal }) => {
    const python = createPython({ unpacked, memory, ...more })
    const options = { workspace: 'w', params: {}, seconds: 20, signal }
    await expect(python.run('result = 1', options)).rejects.toThrow(
      `code cannot be run here: ${why}`,
    )
  })

  test('that is aborted while it starts leaves no process', async ({ python }) => {
    const calls = Array.from({ length: 60 }, async (_, at) => {
      const controller = new AbortController()
      // A run ends when no process has its pipes open.
      await python.run('import time\ntime.sleep(600)', {
        workspace: `d${at % 4}`,
        params: {},
        seconds: 100,
        signal: controller.signal,
        started: () => setTimeout(() => controller.abort(new Error('gone')), at),
      })
    })
    const ends = await Promise.allSettled(calls)
    expect(ends).toEqual(ends.map(() => ({ status: 'rejected', reason: new Error('gone') })))
  })

  test('in the largest call is stopped when all calls together hold too much memory', async () => {
    const controller = new AbortController()
    const tight = createPython({ path, unpacked, memory: 300 * 1024 * 1024 })
    const hold = async (megabytes: number) => {
      const code = 'import time\ndata = b"x" * (megabytes << 20)\ntime.sleep(600)'
      const options = { workspace: 'w', params: { megabytes }, seconds: 100 }
      return await tight.run(code, { ...options, signal: controller.signal })
    }
    const small = Promise.allSettled([hold(60), hold(60)])
    await expect(hold(200)).rejects.toThrow('all code of this worker held more than 300 MB')
    controller.abort(new Error('no longer needed'))
    const cancelled = { status: 'rejected', reason: new Error('no longer needed') }
    expect(await small).toEqual([cancelled, cancelled])
  })

  test.skipIf(!existsSync('/proc/self/autogroup'))(
    'uses only idle processor time, and cannot begin its own session',
    async ({ python }) => {
      const code = 'import os\ntry: os.setsid()\nexcept PermissionError: result = "refused"'
      const options = { workspace: 'w', params: {}, seconds: 20 }
      const { signal } = new AbortController()
      expect(await python.run(code, { ...options, signal })).toMatchObject({ result: 'refused' })

      const controller = new AbortController()
      const sleeping = Promise.allSettled([
        python.run('import time\ntime.sleep(600)', { ...options, signal: controller.signal }),
      ])
      await expect.poll(groupsOfChildren).toContainEqual(expect.stringContaining('nice 19'))
      controller.abort(new Error('cancelled'))
      await sleeping
    },
  )

  test('of one workspace leaves a slot for others', async ({ python }) => {
    const controller = new AbortController()
    const { atOnce, perWorkspace } = limits.code.slots
    const begun: string[] = []
    const start = (name: string, code: string, signal = controller.signal) =>
      python.run(code, {
        workspace: name.charAt(0),
        params: {},
        seconds: 20,
        signal,
        started: () => begun.push(name),
      })
    const long = Promise.allSettled(
      Array.from({ length: atOnce + 1 }, (_, at) =>
        start(`a${at}`, 'import time\ntime.sleep(600)'),
      ),
    )
    expect(await start('b', 'result = 1')).toMatchObject({ result: 1 })
    expect(begun).toHaveLength(perWorkspace + 1)
    controller.abort(new Error('cancelled'))
    expect((await long).map(({ status }) => status)).toEqual(Array(atOnce + 1).fill('rejected'))
    expect(begun).toHaveLength(perWorkspace + 1)
  })

  test('of a workspace with too many waiting calls is refused with a reason', async ({
    python,
  }) => {
    const controller = new AbortController()
    const { perWorkspace, waiting } = limits.code.slots
    const options = { workspace: 'c', params: {}, seconds: 20, signal: controller.signal }
    const calls = Promise.allSettled(
      Array.from({ length: perWorkspace + waiting }, () =>
        python.run('import time\ntime.sleep(600)', options),
      ),
    )
    await expect(python.run('result = 1', options)).rejects.toThrow(
      'The queue for code tools is full: 200 of this workspace wait in it. Try again in a moment.',
    )
    controller.abort(new Error('cancelled'))
    const cancelled = { status: 'rejected', reason: new Error('cancelled') }
    const ends = await calls
    expect(ends).toEqual(ends.map(() => cancelled))
  })

  test('that cannot run here is detected by a check', async () => {
    expect(await createPython({ path, unpacked, memory }).check()).toMatchObject({
      memory: expect.stringMatching(/^(?:cgroups|samples)$/),
    })
    await expect(
      createPython({ path: '/nowhere', unpacked, memory, python: '/no/python' }).check(),
    ).rejects.toThrow(/bubblewrap is not installed|there is no Python at/)
  })
})

/** The scheduling of this process's children by session. */
async function groupsOfChildren(): Promise<string[]> {
  const threads = await readdir('/proc/self/task')
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/self/task/${thread}/children`, 'utf8')),
  )
  const pids = lists.flatMap((list) => list.split(' ').filter((pid) => pid !== ''))
  const groups = pids.map((pid) => readFile(`/proc/${pid}/autogroup`, 'utf8'))
  return (await Promise.allSettled(groups)).map((group) => JSON.stringify(group))
}
