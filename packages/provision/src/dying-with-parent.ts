import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/**
 * The prefix of a command whose process must not outlive the thread that starts it, even when that thread is killed:
 * the kernel then sends `signal` to the process. Empty on macOS, and where busybox's setpriv does not know the flag:
 * there, the next start ends leftover processes.
 */
export const dyingWithParent = async (signal: 'TERM' | 'KILL' = 'TERM'): Promise<string[]> =>
  (await (isSupported ??= probe())) ? ['setpriv', '--pdeathsig', signal] : []

let isSupported: Promise<boolean> | undefined

const probe = async () => {
  const run = promisify(execFile)
  return run('setpriv', ['--pdeathsig', 'TERM', 'setpriv', '--version'], { timeout: 2_000 }).then(
    () => true,
    () => false,
  )
}
