import { readFileSync, writeFileSync } from 'node:fs'

/** Resets the peak memory of a process. Works only on Linux. */
export function resetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5')
  } catch {
    // Without a reset, the peak since the start of the process counts.
  }
}

/** The peak memory of a process, in bytes; NaN on systems other than Linux. */
export function peakMemory(pid: number): number {
  try {
    const [, kilobytes] =
      /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kilobytes) * 1_024
  } catch {
    return Number.NaN
  }
}
