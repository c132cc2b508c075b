import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { canUnpack, executable, fetchAndUnpack } from './unpack-packages.ts'

type Options = {
  path?: string
  tools?: string
  say?: (line: string) => void
  signal?: AbortSignal | undefined
}

/**
 * Installs the missing programs of the sandbox for code tools, bubblewrap and a Python, from the distribution's
 * packages into `.tools/sandbox`. Resolves with the programs that are not available; code tools then report that.
 */
export const bringSandbox = async ({
  path = process.env['PATH'] ?? '',
  tools = fileURLToPath(new URL('../../../.tools', import.meta.url)),
  say = (line) => console.error(line),
  signal,
}: Options = {}): Promise<string[]> => {
  if (process.platform !== 'linux') return []
  const target = join(tools, 'sandbox')
  const missing = () => missingIn(target, path)
  const packages = await missing()
  if (packages.length === 0 || !(await canUnpack(path))) return packages
  say(
    `longhaul: fetching ${packages.join(' and ')} from the system's package archive into .tools …`,
  )
  const staging = `${target}.${randomUUID()}`
  const lists = join(tools, `apt.${randomUUID()}`)
  try {
    await mkdir(staging, { recursive: true })
    if (await fetchAndUnpack(packages, { staging, lists, signal })) {
      // Another process may have unpacked the same version meanwhile. Its copy is used then.
      if ((await missing()).length > 0) await rm(target, { recursive: true, force: true })
      await rename(staging, target).catch(() => undefined)
    }
    return await missing()
  } finally {
    await rm(staging, { recursive: true, force: true })
    await rm(lists, { recursive: true, force: true })
  }
}

const missingIn = async (target: string, path: string) => {
  const here = join(target, 'usr/bin')
  const has = {
    bubblewrap: await executable('bwrap', `${path}:${here}`),
    python3: await executable('python3', `/usr/bin:${here}`),
  }
  return Object.entries(has).flatMap(([name, found]) => (found ? [] : [name]))
}
