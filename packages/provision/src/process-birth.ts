import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/**
 * When a process began, in the format of the system; undefined when no process has this id. The id and the birth
 * together identify a process, even after the id is reused.
 */
export const birthOf = async (pid: number): Promise<string | undefined> => {
  if (existsSync('/proc/self/stat')) return birthInProc(pid)
  const ps = promisify(execFile)('ps', ['-o', 'stat=,lstart=', '-p', String(pid)])
  const { stdout } = await ps.catch(() => ({ stdout: 'Z' }))
  const [state = '', ...start] = stdout.trim().split(/\s+/)
  return state.startsWith('Z') ? undefined : start.join(' ')
}

const birthInProc = async (pid: number) => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  // The second field is a name, which may contain spaces and brackets. The state follows it.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields === undefined || fields[0] === 'Z' ? undefined : fields[19]
}
