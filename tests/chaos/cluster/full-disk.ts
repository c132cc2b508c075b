import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * The words before a server's command that turn a file at its size limit into an error of the write, as on a full
 * disk, instead of the end of the server.
 */
export const enduringFullDisks = ['env', '--ignore-signal=XFSZ']

/** Whether this system can simulate a full disk for one process. */
export async function canFillDisks(): Promise<boolean> {
  const tools = [run('prlimit', ['--version']), run('env', ['--ignore-signal=XFSZ', 'true'])]
  return (await Promise.allSettled(tools)).every(({ status }) => status === 'fulfilled')
}

/** Stops all files of the process from growing, until that is undone. */
export async function fillDisk(pid: number, full: boolean): Promise<void> {
  // The hard limit stays: a process that lowers it cannot raise it again.
  await run('prlimit', ['--pid', String(pid), `--fsize=${full ? '1:' : 'unlimited:'}`])
}
