import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, rmdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test as base } from 'vitest'
import { guardBy, openCgroups, ownCgroup, stoppedBy } from './cgroups.ts'

const bounds = { call: 512 * 1024 * 1024, total: 2_048 * 1024 * 1024 }

/** A folder with the files of a cgroup that belongs to this process. */
const test = base.extend('folder', async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), 'longhaul-cgroup-'))
  onCleanup(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'cgroup.procs'), `${process.pid}\n`)
  await writeFile(join(folder, 'cgroup.controllers'), 'cpuset cpu io memory pids\n')
  return folder
})

test('a worker that is alone in its cgroup makes one for its calls', async ({ folder }) => {
  const guard = await openCgroups(folder, bounds)
  expect(guard.kind).toBe('cgroups')
  await guard.take({ workspace: 'w', bwrap: 100, init: 101 })
  const files = {
    'longhaul-worker/cgroup.procs': String(process.pid),
    'cgroup.subtree_control': '+memory +pids',
    'longhaul-code/memory.max': '2147483648',
    'longhaul-code/cgroup.subtree_control': '+memory +pids',
    'longhaul-code/1/memory.max': '536870912',
    'longhaul-code/1/memory.oom.group': '1',
    'longhaul-code/1/pids.max': '18',
    'longhaul-code/1/cgroup.procs': '101',
  }
  for (const [file, content] of Object.entries(files)) {
    expect([file, await readFile(join(folder, file), 'utf8')]).toEqual([file, content])
  }
})

test('a worker that shares its cgroup does not change it', async ({ folder }) => {
  await writeFile(join(folder, 'cgroup.procs'), `1\n${process.pid}\n`)
  await expect(openCgroups(folder, bounds)).rejects.toThrow('other processes share the cgroup')
  expect(existsSync(join(folder, 'longhaul-worker'))).toBe(false)
})

test('a cgroup without the controllers cannot guard', async ({ folder }) => {
  await writeFile(join(folder, 'cgroup.controllers'), 'cpu pids\n')
  await expect(openCgroups(folder, bounds)).rejects.toThrow(`${folder} has no controller memory`)
})

test.for<[string, string, string | undefined]>([
  ['runs on', 'low 0\nhigh 0\nmax 3\noom 0\noom_kill 0\noom_group_kill 0\n', undefined],
  ['exceeds its own bound', 'low 0\nhigh 0\nmax 9\noom 1\noom_kill 2\noom_group_kill 1\n', 'call'],
  [
    'is stopped for the bound of all calls',
    'low 0\nhigh 0\nmax 0\noom 0\noom_kill 2\noom_group_kill 1\n',
    'total',
  ],
  ['has no controller', '', undefined],
])('the events of a call that %s', ([, events, bound]) => {
  expect(stoppedBy(events)).toBe(bound)
})

/** Undefined where this process may not make cgroups. */
const ownFolder = await ownCgroup()
  .then(async (own) => {
    const folder = join(own, `longhaul-test-${process.pid}`)
    await mkdir(folder)
    return folder
  })
  .catch(() => undefined)

base.skipIf(ownFolder === undefined)('a call that is released has no process left', async ({}) => {
  const folder = ownFolder ?? ''
  const guard = guardBy(folder, {})
  const script = 'read gate; sleep 600 & echo $!; wait'
  const child = spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const pid = child.pid ?? 0
  const hold = await guard.take({ workspace: 'w', bwrap: pid, init: pid })
  child.stdin.end('go\n')
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const grandchild = Number(line.toString())
  expect(await readFile(`/proc/${grandchild}/cgroup`, 'utf8')).toContain(
    `longhaul-test-${process.pid}/1`,
  )
  const ended = once(child, 'exit')
  expect(await hold.release()).toBeUndefined()
  expect(await ended).toEqual([null, 'SIGKILL'])
  expect(existsSync(join(folder, '1'))).toBe(false)
  expect(existsSync(`/proc/${grandchild}/exe`)).toBe(false)
  await rmdir(folder)
})
