import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/**
 * When a process began, in the system's own words; undefined when none has this number. Number and
 * birth together name one process, also after the number has been given to another.
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
  // The second field is a name, which may hold spaces and brackets; the state comes after it.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields === undefined || fields[0] === 'Z' ? undefined : fields[19]
}
