import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/**
 * The words to put before a command whose process shall not outlive the thread that starts it, even
 * when that is killed outright. None on macOS, nor where busybox's setpriv does not know the flag:
 * there the next start ends what was left.
 */
export const dyingWithParent = () => (words ??= probe())

let words: Promise<string[]> | undefined

const probe = async () => {
  const works = promisify(execFile)('setpriv', ['--pdeathsig', 'TERM', 'setpriv', '--version'], {
    timeout: 2_000,
  })
  return works.then(
    () => ['setpriv', '--pdeathsig', 'TERM'],
    () => [],
  )
}
