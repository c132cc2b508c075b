import { readFileSync } from 'node:fs'

/** Milliseconds of CPU that a process has used; NaN where the system does not tell as Linux does. */
export function cpuTime(pid: number): number {
  try {
    // The name, in brackets, may hold spaces; user and system time are fields 14 and 15.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * 10
  } catch {
    return Number.NaN
  }
}
