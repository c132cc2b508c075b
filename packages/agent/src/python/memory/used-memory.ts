import { readdirSync, readFileSync, statfsSync } from 'node:fs'
import { limits } from '@longhaul/core'

/**
 * Bytes that the processes below this one hold, and the files of their `/tmp`. Pages that processes share count once;
 * finding that out takes time, so they first count for each, and only what is then above the bound is found out.
 */
export function heldMemory(init: number, bound: number): number {
  const processes = below(init)
  const files = filesOf(init)
  const atMost =
    files + sum(processes.map((pid) => kilobytes(`/proc/${pid}/status`, 'Vm(?:RSS|Swap)')))
  if (atMost <= bound) return atMost
  return files + sum(processes.map(shareOf))
}

/** A process whose parent has ended is a child of the first process. */
function below(pid: number): number[] {
  const children = absent(() => readdirSync(`/proc/${pid}/task`), [])
    .map((thread) => absent(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8'), ''))
    .flatMap((line) => line.split(' ').filter((child) => child !== ''))
    .map(Number)
  return children.flatMap((child) => [child, ...below(child)])
}

/** A worker that may not look counts each page for each process. */
function shareOf(pid: number): number {
  const share = kilobytes(`/proc/${pid}/smaps_rollup`, '(?:Swap)?Pss')
  return share > 0 ? share : kilobytes(`/proc/${pid}/status`, 'Vm(?:RSS|Swap)')
}

/** The sum of these lines. */
function kilobytes(file: string, names: string): number {
  const text = absent(() => readFileSync(file, 'utf8'), '')
  const lines = text.matchAll(new RegExp(`^${names}:\\s+(\\d+) kB`, 'gm'))
  return sum([...lines].map(([, size]) => Number(size) * 1_024))
}

/** A file without content needs memory, too. A worker that may not look counts all that there may be. */
function filesOf(init: number): number {
  const place = absent(() => statfsSync(`/proc/${init}/root/tmp`), undefined)
  if (place === undefined) return limits.code.disk
  const { blocks, bfree, bsize, files, ffree } = place
  // Until bubblewrap has made the sandbox, it is that of the machine.
  if (blocks * bsize !== limits.code.disk) return 0
  return (blocks - bfree) * bsize + (files - ffree) * 1_024
}

/** Processes end while they are looked at. */
function absent<T>(read: () => T, otherwise: T): T {
  try {
    return read()
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(code)) return otherwise
    throw error
  }
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
