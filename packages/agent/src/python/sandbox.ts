import { cp, mkdtemp, realpath, stat } from 'node:fs/promises'
import { chmodSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { limits } from '@longhaul/core'
import { isExecutable } from './is-executable.ts'
import { libraries, readInterpreter } from './interpreter.ts'

/** How the Python is started in the sandbox, before its own arguments; and where its packages are there. */
export type Sandbox = {
  command: string
  args: string[]
  env: Record<string, string>
  packages: string[]
}

export type SandboxOptions = {
  /** The interpreter that the operator has chosen. */
  python?: string | undefined
  /** Where programs are looked for. */
  path: string
  /** Where programs were unpacked that the machine does not have. */
  unpacked: string
}

/**
 * A Python in a sandbox of the operating system: bubblewrap in namespaces of its own, without capabilities, network
 * or any file but the interpreter's. Rejects with an Error that says what is missing.
 */
export async function openSandbox({ python, path, unpacked }: SandboxOptions): Promise<Sandbox> {
  if (process.platform !== 'linux') throw new Error('the sandbox needs Linux')
  const own = await reachable(unpacked)
  const env = { LD_LIBRARY_PATH: libraryFolders(own).join(':') }
  const bwrap = await firstOf([
    ...path.split(delimiter).map((folder) => join(folder, 'bwrap')),
    join(own, 'usr/bin/bwrap'),
  ])
  if (bwrap === undefined) throw new Error('bubblewrap is not installed')
  const candidates =
    python === undefined ? ['/usr/bin/python3', join(own, 'usr/bin/python3')] : [python]
  const chosen = await firstOf(candidates)
  if (chosen === undefined) throw new Error(`there is no Python at ${candidates.join(' or ')}`)
  const isOwn = (program: string) => program.startsWith(own)
  const interpreter = await readInterpreter(chosen, {
    packages: python !== undefined,
    env: isOwn(chosen) ? env : {},
  })
  const mounts = interpreter.mounts.flatMap(([from, to]) => ['--ro-bind', from, to])
  return {
    command: bwrap,
    args: [...walls, ...mounts, '--remount-ro', '/', '--chdir', '/tmp', '--', interpreter.command],
    env: isOwn(bwrap) ? env : {},
    packages: interpreter.packages,
  }
}

/** The root is in memory and, in the end, read-only: nothing can be written but into `/tmp`, so much. */
const walls = [
  '--unshare-user --unshare-ipc --unshare-pid --unshare-net --unshare-uts --unshare-cgroup',
  '--disable-userns --uid 65534 --gid 65534 --hostname sandbox',
  '--die-with-parent --new-session --cap-drop ALL',
  `--clearenv --setenv LD_LIBRARY_PATH ${libraries}`,
  `--size ${limits.code.disk} --tmpfs /tmp`,
  '--dev-bind /dev/null /dev/null --dev-bind /dev/zero /dev/zero',
  '--dev-bind /dev/urandom /dev/urandom',
].flatMap((line) => line.split(' '))

async function firstOf(candidates: string[]): Promise<string | undefined> {
  for (const candidate of candidates) if (await isExecutable(candidate)) return candidate
  return undefined
}

function libraryFolders(root: string): string[] {
  const kind = process.arch === 'arm64' ? 'aarch64' : 'x86_64'
  return ['usr/lib', 'lib'].flatMap((lib) => [
    join(root, lib, `${kind}-linux-gnu`),
    join(root, lib),
  ])
}

/**
 * Root starts the sandbox as a user of no rights, who may not get to the place where it was unpacked: then there is a
 * copy for as long as the process lives.
 */
async function reachable(folder: string): Promise<string> {
  const exists = await stat(folder).catch(() => undefined)
  if (exists === undefined || process.getuid?.() !== 0 || (await isOpenToAll(folder))) return folder
  const copy = await mkdtemp(join(tmpdir(), 'longhaul-sandbox-'))
  process.once('exit', () => rmSync(copy, { recursive: true, force: true }))
  chmodSync(copy, 0o755)
  await cp(folder, copy, { recursive: true, verbatimSymlinks: true })
  return copy
}

async function isOpenToAll(folder: string): Promise<boolean> {
  for (let place = await realpath(folder); ; place = dirname(place)) {
    if (((await stat(place)).mode & 0o005) !== 0o005) return false
    if (place === dirname(place)) return true
  }
}
