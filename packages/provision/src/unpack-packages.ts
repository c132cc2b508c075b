import { execFile } from 'node:child_process'
import { access, constants, mkdir, readdir, rm } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

/** Whether this machine has tools that unpack packages without privileges. */
export const canUnpack = async (path: string) =>
  (await executable('apt-get', path)) && (await executable('dpkg', path))

type Fetch = { staging: string; lists: string; signal: AbortSignal | undefined }

// Fetches packages, and their dependencies that the system lacks, into `staging`. Returns false when that fails. The
// package lists of the system are tried first. A machine without lists, or with stale ones, gets a private copy, which
// needs no privileges.
export const fetchAndUnpack = async (names: string[], { staging, lists, signal }: Fetch) => {
  const own = [
    `Dir::State::lists=${join(lists, 'lists')}`,
    `Dir::Cache=${join(lists, 'cache')}`,
    // apt run as root downloads as another user, who cannot access a private folder.
    'APT::Sandbox::User=root',
  ]
  if (await unpackWith(names, { staging, options: own.slice(2), signal })) return true
  await mkdir(join(lists, 'lists/partial'), { recursive: true })
  await mkdir(join(lists, 'cache/archives/partial'), { recursive: true })
  // One unreachable third-party archive fails the whole update, although the rest is available.
  await apt(['update', '-qq'], { options: own, signal }).catch(() => undefined)
  return unpackWith(names, { staging, options: own, signal })
}

type Apt = { options: string[]; signal: AbortSignal | undefined; cwd?: string }

const unpackWith = async (names: string[], { staging, ...how }: Apt & { staging: string }) => {
  try {
    const packages = await missingPackages(names, how)
    const folder = join(staging, 'debs')
    await mkdir(folder, { recursive: true })
    await apt(['download', '-qq', ...packages], { ...how, cwd: folder })
    for (const file of await readdir(folder)) {
      await run('dpkg', ['-x', join(folder, file), staging], { timeout: 60_000 })
    }
    await rm(folder, { recursive: true })
    return true
  } catch {
    how.signal?.throwIfAborted()
    return false
  }
}

const missingPackages = async (names: string[], how: Apt) => {
  const plan = await apt(['install', '--simulate', '--no-install-recommends', ...names], how)
  const packages = [...plan.matchAll(/^Inst (\S+)/gm)].flatMap(([, found]) => found ?? [])
  // libc is not replaced: it must match the loader of the system.
  return packages.length > 0 ? packages.filter((found) => !/^libc6(:|$)/.test(found)) : names
}

const apt = async (command: string[], { options, signal, cwd }: Apt) => {
  const flags = ['Acquire::http::Timeout=20', 'Acquire::Retries=2', ...options]
  const { stdout } = await run('apt-get', [...flags.flatMap((flag) => ['-o', flag]), ...command], {
    cwd,
    signal,
    timeout: 180_000,
    maxBuffer: 16 * 1024 * 1024,
    env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
  })
  return stdout
}

const run = promisify(execFile)

export const executable = async (name: string, path: string) => {
  for (const folder of path.split(delimiter).filter(Boolean)) {
    const found = await access(join(folder, name), constants.X_OK).then(
      () => true,
      () => false,
    )
    if (found) return true
  }
  return false
}
