import { readFileSync } from 'node:fs'

/** Bytes of memory that a process holds; NaN where the system does not tell as Linux does. */
export function residentMemory(pid: number): number {
  try {
    const [, kilobytes] =
      /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kilobytes) * 1_024
  } catch {
    return Number.NaN
  }
}
