import { execFile } from 'node:child_process'
import { access, constants, readdir, rename, rm } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { canUnpack, fetchAndUnpack } from './unpack-packages.ts'

export type RedisBinary = { command: string; libraries: string | undefined; version: string }

type Options = {
  path?: string
  tools?: string
  say?: (line: string) => void
  signal?: AbortSignal | undefined
}

/**
 * A Redis or Valkey of at least 7.0: the one on PATH, or one unpacked without privileges from the distribution's
 * packages; undefined when neither is available.
 */
export const redisBinary = async ({
  path = process.env['PATH'] ?? '',
  tools = fileURLToPath(new URL('../../../.tools', import.meta.url)),
  say = (line) => console.error(line),
  signal,
}: Options = {}): Promise<RedisBinary | undefined> =>
  (await onPath(path, say)) ??
  (await unpacked(tools)) ??
  (await unpack(tools, { path, say, signal }))

const names = ['redis-server', 'valkey-server']

const onPath = async (path: string, say: (line: string) => void) => {
  for (const name of names) {
    for (const folder of path.split(delimiter).filter(Boolean)) {
      const command = join(folder, name)
      const version = await versionOf(command)
      if (version === undefined) continue
      if (isRecent(version)) return { command, libraries: undefined, version }
      say(`longhaul: skipping ${command}: version ${version} is older than 7.0`)
    }
  }
  return undefined
}

const unpacked = async (tools: string): Promise<RedisBinary | undefined> => {
  const root = join(tools, 'redis')
  const libraries = (await librariesOf(root)).join(':')
  for (const name of names) {
    const command = join(root, 'usr/bin', name)
    const version = await versionOf(command, libraries)
    if (version !== undefined && isRecent(version)) return { command, libraries, version }
  }
  return undefined
}

type Unpack = Required<Pick<Options, 'path' | 'say'>> & Pick<Options, 'signal'>

const unpack = async (tools: string, { path, say, signal }: Unpack) => {
  if (!(await canUnpack(path))) return undefined
  const staging = join(tools, `redis.${process.pid}`)
  const lists = join(tools, `apt.${process.pid}`)
  try {
    for (const name of names) {
      say(`longhaul: fetching ${name} from the system's package archive into .tools …`)
      await rm(staging, { recursive: true, force: true })
      if (!(await fetchAndUnpack([name], { staging, lists, signal }))) continue
      const target = join(tools, 'redis')
      // Another process may have unpacked the same version meanwhile. Its copy is used then.
      if ((await unpacked(tools)) === undefined) await rm(target, { recursive: true, force: true })
      await rename(staging, target).catch(() => undefined)
      const found = await unpacked(tools)
      if (found !== undefined) return found
      say(`longhaul: the ${name} of this system's archive is too old or does not run`)
    }
    return undefined
  } finally {
    await rm(staging, { recursive: true, force: true })
    await rm(lists, { recursive: true, force: true })
  }
}

const librariesOf = async (root: string) => {
  const found = []
  for (const lib of [join(root, 'usr/lib'), join(root, 'lib')]) {
    const entries = await readdir(lib).catch(() => [])
    const folders = entries.filter((entry) => entry.includes('-linux-'))
    found.push(...folders.map((entry) => join(lib, entry)), lib)
  }
  return found
}

const run = promisify(execFile)

const versionOf = async (command: string, libraries?: string) => {
  try {
    await access(command, constants.X_OK)
    const env = { ...process.env, ...(libraries && { LD_LIBRARY_PATH: libraries }) }
    const { stdout } = await run(command, ['--version'], { timeout: 5_000, env })
    return /\bv=(\d+\.\d+(?:\.\d+)?)/.exec(stdout)?.[1]
  } catch {
    return undefined
  }
}

const isRecent = (version: string) => Number.parseInt(version, 10) >= 7
