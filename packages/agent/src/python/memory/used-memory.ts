import { readdirSync, readFileSync, statfsSync } from 'node:fs'
import { limits } from '@longhaul/core'

/**
 * The bytes that the descendants of a process hold, and the files of their `/tmp`. Shared pages count once. To count
 * exactly takes time, so they first count for each process, and exactly only when this estimate exceeds the bound.
 */
export function heldMemory(init: number, bound: number): number {
  const processes = below(init)
  const files = filesOf(init)
  const atMost =
    files + sum(processes.map((pid) => kilobytes(`/proc/${pid}/status`, 'Vm(?:RSS|Swap)')))
  if (atMost <= bound) return atMost
  return files + sum(processes.map(shareOf))
}

/** All descendants of a process. A process whose parent has ended is a child of the sandbox's first process. */
function below(pid: number): number[] {
  const children = absent(() => readdirSync(`/proc/${pid}/task`), [])
    .map((thread) => absent(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8'), ''))
    .flatMap((line) => line.split(' ').filter((child) => child !== ''))
    .map(Number)
  return children.flatMap((child) => [child, ...below(child)])
}

/** The bytes of a process, with a part of each shared page. Without the right to read that, each page counts fully. */
function shareOf(pid: number): number {
  const share = kilobytes(`/proc/${pid}/smaps_rollup`, '(?:Swap)?Pss')
  return share > 0 ? share : kilobytes(`/proc/${pid}/status`, 'Vm(?:RSS|Swap)')
}

/** The sum of the lines with these names, in bytes. */
function kilobytes(file: string, names: string): number {
  const text = absent(() => readFileSync(file, 'utf8'), '')
  const lines = text.matchAll(new RegExp(`^${names}:\\s+(\\d+) kB`, 'gm'))
  return sum([...lines].map(([, size]) => Number(size) * 1_024))
}

/** The bytes of the files. An empty file needs memory, too. Without the right to read, the largest size counts. */
function filesOf(init: number): number {
  const filesystem = absent(() => statfsSync(`/proc/${init}/root/tmp`), undefined)
  if (filesystem === undefined) return limits.code.disk
  const { blocks, bfree, bsize, files, ffree } = filesystem
  // Until bubblewrap has made the sandbox, this is the machine's `/tmp`.
  if (blocks * bsize !== limits.code.disk) return 0
  return (blocks - bfree) * bsize + (files - ffree) * 1_024
}

/** Reads of a process that has ended, or that may not be read, result in `otherwise`. */
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
