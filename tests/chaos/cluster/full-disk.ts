import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * Words before a server's command: a file that has grown to the limit is an error to it, as a full
 * disk is, and not its end.
 */
export const enduringFullDisks = ['env', '--ignore-signal=XFSZ']

/** Whether this system lets a disk be full for one process alone. */
export async function canFillDisks(): Promise<boolean> {
  const tools = [run('prlimit', ['--version']), run('env', ['--ignore-signal=XFSZ', 'true'])]
  return (await Promise.allSettled(tools)).every(({ status }) => status === 'fulfilled')
}

/** No file of the process grows any further, until it is told otherwise. */
export async function fillDisk(pid: number, full: boolean): Promise<void> {
  // The hard limit stays: who lowers it cannot raise it again.
  await run('prlimit', ['--pid', String(pid), `--fsize=${full ? '1:' : 'unlimited:'}`])
}
