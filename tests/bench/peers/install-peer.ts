import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Peer } from './peer.ts'

const run = promisify(execFile)

/** The files of peers are kept, so that only the first run installs them. */
const root = '.data/peers'

/**
 * Installs a peer from the npm registry into a folder of its own, outside of the lock file, and without running the
 * scripts of its packages. Returns the file that starts it.
 */
export async function installPeer({ name, packages, files }: Peer): Promise<string> {
  const folder = join(process.cwd(), root, name.toLowerCase().replaceAll('.', '-'))
  await mkdir(folder, { recursive: true })
  const content = { private: true, type: 'module', dependencies: packages }
  const manifest = `${JSON.stringify(content, null, 2)}\n`
  const installed = join(folder, 'installed.json')
  if ((await readFile(installed, 'utf8').catch(() => '')) !== manifest) {
    await writeFile(join(folder, 'package.json'), manifest)
    const words = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
    await run('npm', words, { cwd: folder, timeout: 300_000, maxBuffer: 16 * 1024 * 1024 })
    await writeFile(installed, manifest)
  }
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text)
  return join(folder, 'main.mjs')
}
