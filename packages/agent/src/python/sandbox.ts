import { execFile } from 'node:child_process'
import { cp, mkdtemp, realpath, stat } from 'node:fs/promises'
import { chmodSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { limits } from '@longhaul/core'
import { isExecutable } from './is-executable.ts'
import { libraries, readInterpreter } from './interpreter.ts'
import { assembleFilter } from './seccomp/filter.ts'
import { rules } from './seccomp/rules.ts'

const run = promisify(execFile)

/** The command that starts the Python in the sandbox, before its own arguments, and the paths of its packages there. */
export type Sandbox = {
  command: string
  args: string[]
  env: Record<string, string>
  packages: string[]
  /** The filter of system calls, which bubblewrap reads from the descriptor `descriptors.filter`. */
  filter: Buffer
}

export type SandboxOptions = {
  /** The interpreter that the operator has chosen. */
  python?: string | undefined
  /** The search path for programs. */
  path: string
  /** The folder of unpacked programs that the machine does not have. */
  unpacked: string
}

/** The user and group of a program. */
export type Identity = { uid: number; gid: number } | undefined

/**
 * Descriptors that bubblewrap inherits: for the result of the code, for the filter of system calls, for its report of
 * the sandbox's process, and for the signal to start the Python. Only the first one is open in the sandbox.
 */
export const descriptors = { result: 3, filter: 4, info: 5, gate: 6 } as const

/**
 * Opens a sandbox of the operating system with a Python: bubblewrap in its own namespaces, without capabilities or
 * network, and only with the files of the interpreter. Rejects with an Error that says what is missing.
 */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const own = await reachable(options.unpacked)
  const { architecture, bwrap, chosen, envOf } = await findPrograms(options, own)
  const interpreter = await readInterpreter(chosen, {
    packages: options.python !== undefined,
    env: envOf(chosen),
  })
  const mounts = interpreter.mounts.flatMap(([from, to]) => ['--ro-bind', from, to])
  const { filter, info, gate } = descriptors
  return {
    command: bwrap,
    args: [
      ...walls,
      ...writable,
      ...mounts,
      ...['--seccomp', filter, '--info-fd', info, '--block-fd', gate].map(String),
      '--remount-ro',
      '/',
      '--chdir',
      '/tmp',
      '--',
      interpreter.command,
    ],
    env: envOf(bwrap),
    packages: interpreter.packages,
    filter: assembleFilter(rules, architecture),
  }
}

/** Rejects with an Error that says why there can be no sandbox. The check costs less than to open one. */
export async function checkSandbox(options: SandboxOptions, identity: Identity): Promise<void> {
  const { bwrap, envOf } = await findPrograms(options, options.unpacked)
  // Other users may not be able to read programs that were unpacked for root: these are copied when code runs.
  const as = (await isOpenToAll(dirname(bwrap))) ? identity : undefined
  const nothing = ['--ro-bind', '/', '/', '--', bwrap, '--version']
  await run(bwrap, [...walls, ...nothing], {
    ...as,
    env: envOf(bwrap),
    cwd: '/',
    timeout: 10_000,
  }).catch((cause: Error & { stderr?: string }) => {
    throw new Error(cause.stderr?.trim() || cause.message, { cause })
  })
}

async function findPrograms({ python, path }: SandboxOptions, own: string) {
  if (process.platform !== 'linux') throw new Error('the sandbox needs Linux')
  const architecture = process.arch
  if (architecture !== 'x64' && architecture !== 'arm64') {
    throw new Error(
      `there is no filter of system calls for ${architecture}: x64 and arm64 have one`,
    )
  }
  const bwrap = await firstOf([
    ...path.split(delimiter).map((folder) => join(folder, 'bwrap')),
    join(own, 'usr/bin/bwrap'),
  ])
  if (bwrap === undefined) throw new Error('bubblewrap is not installed')
  const candidates =
    python === undefined ? ['/usr/bin/python3', join(own, 'usr/bin/python3')] : [python]
  const chosen = await firstOf(candidates)
  if (chosen === undefined) throw new Error(`there is no Python at ${candidates.join(' or ')}`)
  const env = { LD_LIBRARY_PATH: libraryFolders(own).join(':') }
  return {
    architecture,
    bwrap,
    chosen,
    /** An unpacked program finds its libraries in its own folder. */
    envOf: (program: string): Record<string, string> => (program.startsWith(own) ? env : {}),
  } as const
}

const walls = [
  '--unshare-user --unshare-ipc --unshare-pid --unshare-net --unshare-uts --unshare-cgroup',
  '--disable-userns --uid 65534 --gid 65534 --hostname sandbox',
  '--die-with-parent --cap-drop ALL',
  `--clearenv --setenv LD_LIBRARY_PATH ${libraries}`,
].flatMap((line) => line.split(' '))

/**
 * The root is in memory and finally read-only: only `/tmp` can be written, up to its size. There is no /dev/zero, since
 * no limit counts the memory that is mapped from it.
 */
const writable = [
  `--size ${limits.code.disk} --tmpfs /tmp`,
  '--dev-bind /dev/null /dev/null --dev-bind /dev/urandom /dev/urandom',
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
 * Root starts the sandbox as a user without rights, who may not be able to read the unpacked programs. They are then
 * copied, and the copy exists as long as this process.
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
  for (let current = await realpath(folder); ; current = dirname(current)) {
    if (((await stat(current)).mode & 0o005) !== 0o005) return false
    if (current === dirname(current)) return true
  }
}
