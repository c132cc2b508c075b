import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/**
 * The words to put before a command whose process must not outlive the thread that starts it, even
 * when that is killed outright: the kernel then sends it `signal`. None on macOS, nor where busybox's
 * setpriv does not know the flag: there the next start ends what was left.
 */
export const dyingWithParent = async (signal: 'TERM' | 'KILL' = 'TERM'): Promise<string[]> =>
  (await (works ??= probe())) ? ['setpriv', '--pdeathsig', signal] : []

let works: Promise<boolean> | undefined

const probe = async () => {
  const run = promisify(execFile)
  return run('setpriv', ['--pdeathsig', 'TERM', 'setpriv', '--version'], { timeout: 2_000 }).then(
    () => true,
    () => false,
  )
}
