import { readFileSync, writeFileSync } from 'node:fs'

/** Forgets the most memory that a process has held so far. Linux alone can do that. */
export function resetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5')
  } catch {
    // Then the peak since its start counts.
  }
}

/** The most memory that a process has held, in bytes; NaN where the system does not tell as Linux does. */
export function peakMemory(pid: number): number {
  try {
    const [, kilobytes] =
      /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kilobytes) * 1_024
  } catch {
    return Number.NaN
  }
}
