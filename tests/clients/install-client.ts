import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const folder = join(import.meta.dirname, '../../.data/clients')

/**
 * Installs a command line client, unless it is installed. It is not in the lock file of this repository: its
 * programs have hundreds of megabytes. Resolves with the path of its program.
 */
export async function installClient(client: {
  name: string
  version: string
  program: string
  /** Whether its program is made by its own install script. */
  hasScript?: true
}): Promise<string> {
  const { name, version, program, hasScript = false } = client
  const home = join(folder, `${program}-${version}`)
  const path = join(home, 'node_modules/.bin', program)
  if (existsSync(path)) return path
  await mkdir(folder, { recursive: true })
  const unfinished = await mkdtemp(join(folder, 'unfinished-'))
  try {
    await run('npm', [
      ...install,
      `--ignore-scripts=${!hasScript}`,
      '--prefix',
      unfinished,
      `${name}@${version}`,
    ])
    await rename(unfinished, home)
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    throw new Error(`${name}@${version} could not be installed`, { cause: error })
  }
  return path
}

const run = promisify(execFile)
const install = ['install', '--no-audit', '--no-fund', '--no-package-lock']
