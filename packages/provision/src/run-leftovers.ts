import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** The environment variable that marks every process of one test run. */
export const runMark = 'LONGHAUL_TEST_RUN'

/**
 * Ends all processes that are left of a test run after `graceMs`. Resolves with the id and the command line of each.
 * Without `/proc`, no process is found.
 */
export async function endProcessesOf(run: string, { graceMs = 5_000 } = {}): Promise<string[]> {
  const deadline = performance.now() + graceMs
  let found = await processesOf(run)
  while (found.length > 0 && performance.now() < deadline) {
    await sleep(100)
    found = await processesOf(run)
  }
  for (const { pid } of found) process.kill(pid, 'SIGKILL')
  return found.map(({ pid, command }) => `${pid} ${command}`)
}

async function processesOf(run: string): Promise<{ pid: number; command: string }[]> {
  const names = await readdir('/proc').catch(() => [])
  const pids = names.map(Number).filter((pid) => Number.isInteger(pid) && pid !== process.pid)
  const found = await Promise.all(
    pids.map(async (pid) => {
      // Processes that have ended meanwhile, or that belong to another user, are ignored.
      const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')
      const [environment, command] = await Promise.all([read('environ'), read('cmdline')])
      const ours = environment.split('\0').includes(`${runMark}=${run}`)
      return ours ? [{ pid, command: command.replaceAll('\0', ' ').trim() }] : []
    }),
  )
  return found.flat()
}
