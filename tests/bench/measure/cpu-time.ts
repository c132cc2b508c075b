import { readFileSync } from 'node:fs'

/** The CPU time of a process in milliseconds; NaN on systems other than Linux. */
export function cpuTime(pid: number): number {
  try {
    // The name, in brackets, may contain spaces. User and system time are fields 14 and 15.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * 10
  } catch {
    return Number.NaN
  }
}
