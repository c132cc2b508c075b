import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Installation } from './app-process.ts'

export type InstalledVersion = Installation & {
  /** The requested name, such as `main`. */
  ref: string
  commit: string
  remove: () => Promise<void>
}

type Options = { say: (text: string) => void; signal: AbortSignal }

/**
 * Installs another version of this repository in a temporary folder, like a fresh clone:
 * with its own dependencies and its own toolchain. Rejects with advice for the user. Nothing
 * is left behind then.
 */
export async function installVersion(
  ref: string,
  { say, signal }: Options,
): Promise<InstalledVersion> {
  const commit = await commitOf(ref, signal)
  const folder = await mkdtemp(join(tmpdir(), 'longhaul-version-'))
  // Its sandbox runs as another user.
  await chmod(folder, 0o755)
  // An installation that is being stopped may still write.
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  try {
    say(`installing ${ref} (${commit.slice(0, 7)}) in ${folder}`)
    await unpack(commit, folder, signal)
    await shareTools(folder)
    return { ref, commit, folder, node: await install(folder, { ref, signal }), remove }
  } catch (error) {
    await remove()
    throw error
  }
}

const root = join(import.meta.dirname, '../../../..')
const run = promisify(execFile)
const maxBuffer = 64 * 1024 * 1024

async function commitOf(ref: string, signal: AbortSignal): Promise<string> {
  const words = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]
  try {
    const { stdout } = await run('git', words, { cwd: root, signal })
    return stdout.trim()
  } catch (error) {
    signal.throwIfAborted()
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new Error('--against needs git on the PATH', { cause: error })
    }
    const advice = 'name a branch, a tag or a commit, such as main, HEAD~3 or a hash'
    throw new Error(`this repository has no version ${JSON.stringify(ref)}: ${advice}`, {
      cause: error,
    })
  }
}

async function unpack(commit: string, folder: string, signal: AbortSignal): Promise<void> {
  const archive = join(folder, 'version.tar')
  await run('git', ['archive', '--format=tar', `--output=${archive}`, commit], {
    cwd: root,
    signal,
  })
  await run('tar', ['-xf', archive, '-C', folder], { signal })
  await rm(archive)
}

/** Shares the downloaded tools with it. The name of a tool's folder has its version, so only equal versions are used. */
async function shareTools(folder: string): Promise<void> {
  const tools = join(root, '.tools')
  const names = await readdir(tools).catch(() => [])
  await mkdir(join(folder, '.tools'), { recursive: true })
  for (const name of names) await symlink(join(tools, name), join(folder, '.tools', name))
}

/** Installs its dependencies, and returns the path of its Node. */
async function install(
  folder: string,
  { ref, signal }: { ref: string; signal: AbortSignal },
): Promise<string> {
  const toolchain = 'scripts/with-toolchain.mjs'
  for (const needed of [toolchain, 'apps/api/src/main.ts', 'apps/worker/src/main.ts']) {
    if (existsSync(join(folder, needed))) continue
    throw new Error(`${ref} is too old to be compared with: it has no ${needed}`)
  }
  const words = [toolchain, 'node', '-p', 'process.execPath']
  try {
    const { stdout } = await run(process.execPath, words, { cwd: folder, signal, maxBuffer })
    return stdout.trim()
  } catch (error) {
    signal.throwIfAborted()
    const { stderr = '' } = error as { stderr?: string }
    throw new Error(`${ref} could not be installed:\n${stderr.trim()}`, { cause: error })
  }
}
