import { readdirSync, readFileSync } from 'node:fs'

/**
 * The CPU time of a process in milliseconds; NaN on systems other than Linux. It is the sum of its threads, which the
 * kernel counts in nanoseconds. The times of the process itself have a resolution of 10 ms, which is too coarse for a
 * short round.
 */
export function cpuTime(pid: number): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`).map((thread) => threadTime(pid, thread))
    return threads.reduce((sum, time) => sum + time, 0) / 1_000_000
  } catch {
    return Number.NaN
  }
}

/** Nanoseconds. A thread that has just ended counts as 0. */
function threadTime(pid: number, thread: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0])
  } catch {
    return 0
  }
}
