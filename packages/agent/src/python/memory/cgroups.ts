import { mkdir, readFile, rmdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { limits } from '@longhaul/core'
import { killCall } from '../kill-call.ts'
import type { Hold, MemoryGuard } from './memory-guard.ts'
import type { Bounds } from './over-memory.ts'

/** The contents of a cgroup's files, by their names. */
export type Settings = Record<string, string>

/**
 * A guard by the kernel: one cgroup for all calls, and within it one for each call. It needs a cgroup (version 2) that
 * belongs to this process alone, with the controllers for memory and processes. A service with `Delegate=yes` has one,
 * and so has a container with writable cgroups. Rejects with an Error that says what is missing.
 */
export async function openCgroups(folder: string, bounds: Bounds): Promise<MemoryGuard> {
  const { 'cgroup.procs': procs, 'cgroup.controllers': offered } = await read(folder)
  const controllers = ['memory', 'pids']
  const missing = controllers.filter((name) => !offered.split(/\s+/).includes(name))
  if (missing.length > 0) throw new Error(`${folder} has no controller ${missing.join(', ')}`)
  if (procs.trim() !== String(process.pid)) {
    throw new Error(`other processes share the cgroup ${folder}`)
  }
  const calls = join(folder, 'longhaul-code')
  const enable = { 'cgroup.subtree_control': controllers.map((name) => `+${name}`).join(' ') }
  // A cgroup whose children have controllers must contain no process itself.
  await createCgroup(join(folder, 'longhaul-worker'), { 'cgroup.procs': String(process.pid) })
  await write(folder, enable)
  await createCgroup(calls, { ...enable, ...memoryOf(bounds.total) })
  return guardBy(calls, {
    ...memoryOf(bounds.call),
    // All processes of a call that exceeds its memory are killed.
    'memory.oom.group': '1',
    // Bubblewrap has two processes.
    'pids.max': String(limits.code.processes + 2),
  })
}

/** The cgroup of this process. Rejects where the machine has no cgroups of version 2. */
export async function ownCgroup(): Promise<string> {
  const mounts = await readFile('/proc/self/mountinfo', 'utf8')
  // id parent device root mountpoint options … - type source options
  const [, root = '', mountpoint] = /^\d+ \d+ \S+ (\S+) (\S+) .* - cgroup2 /m.exec(mounts) ?? []
  const [, path] = /^0::(.*)$/m.exec(await readFile('/proc/self/cgroup', 'utf8')) ?? []
  if (mountpoint === undefined || path === undefined) throw new Error('there is no cgroup v2')
  return join(mountpoint, path.startsWith(root) ? path.slice(root.length) : path)
}

/** Makes a cgroup in this folder for each call. */
export function guardBy(folder: string, settings: Settings): MemoryGuard {
  let lastId = 0
  return {
    kind: 'cgroups',
    async take({ bwrap, init }): Promise<Hold> {
      lastId += 1
      const cgroup = join(folder, String(lastId))
      await createCgroup(cgroup, settings)
      try {
        // The processes that they start from now on are in it, too.
        for (const pid of [bwrap, init]) await write(cgroup, { 'cgroup.procs': String(pid) })
      } catch (error) {
        killCall({ bwrap, init })
        await remove(cgroup)
        throw error
      }
      return {
        async release() {
          const events = await readFile(join(cgroup, 'memory.events'), 'utf8').catch(absent)
          await write(cgroup, { 'cgroup.kill': '1' })
          await remove(cgroup)
          return stoppedBy(events)
        },
      }
    },
  }
}

/** `max` counts how often a cgroup reached its own bound, `oom_kill` the processes that were killed for any bound. */
export function stoppedBy(events: string): keyof Bounds | undefined {
  const count = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(events)?.[1] ?? 0)
  if (count('oom_kill') === 0) return undefined
  return count('oom') > 0 ? 'call' : 'total'
}

function memoryOf(bytes: number): Settings {
  return { 'memory.max': String(bytes), 'memory.swap.max': '0' }
}

async function createCgroup(folder: string, settings: Settings): Promise<void> {
  await mkdir(folder, { recursive: true })
  await write(folder, settings)
}

async function read(folder: string) {
  const [procs, controllers] = await Promise.all(
    ['cgroup.procs', 'cgroup.controllers'].map((file) => readFile(join(folder, file), 'utf8')),
  )
  return { 'cgroup.procs': procs ?? '', 'cgroup.controllers': controllers ?? '' }
}

async function write(folder: string, settings: Settings): Promise<void> {
  for (const [name, value] of Object.entries(settings)) {
    const file = join(folder, name)
    // A kernel without swap has no such file.
    if (name === 'memory.swap.max' && (await stat(file).catch(absent)) === '') continue
    await writeFile(file, value)
  }
}

/** Removes a cgroup, which is possible when its last process has ended. */
async function remove(folder: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await rmdir(folder)
      return
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOENT') return
      if (code !== 'EBUSY' || tries === 100) throw error
      await sleep(10)
    }
  }
}

function absent(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return ''
  throw error
}
