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
 * Brings what the sandbox of code tools needs and the machine lacks, bubblewrap and a Python, unpacked from the
 * distribution's packages into `.tools/sandbox`. Resolves with what cannot be had: then code tools say so.
 */
export const bringSandbox = async ({
  path = process.env['PATH'] ?? '',
  tools = fileURLToPath(new URL('../../../.tools', import.meta.url)),
  say = (line) => console.error(line),
  signal,
}: Options = {}): Promise<string[]> => {
  if (process.platform !== 'linux') return []
  const place = join(tools, 'sandbox')
  const missing = () => missingIn(place, path)
  const wanted = await missing()
  if (wanted.length === 0 || !(await canUnpack(path))) return wanted
  say(`longhaul: fetching ${wanted.join(' and ')} from the system's package archive into .tools …`)
  const staging = `${place}.${randomUUID()}`
  const lists = join(tools, `apt.${randomUUID()}`)
  try {
    await mkdir(staging, { recursive: true })
    if (await fetchAndUnpack(wanted, { staging, lists, signal })) {
      // Somebody else may have put the same thing there meanwhile; theirs is as good.
      if ((await missing()).length > 0) await rm(place, { recursive: true, force: true })
      await rename(staging, place).catch(() => undefined)
    }
    return await missing()
  } finally {
    await rm(staging, { recursive: true, force: true })
    await rm(lists, { recursive: true, force: true })
  }
}

const missingIn = async (place: string, path: string) => {
  const here = join(place, 'usr/bin')
  const has = {
    bubblewrap: await executable('bwrap', `${path}:${here}`),
    python3: await executable('python3', `/usr/bin:${here}`),
  }
  return Object.entries(has).flatMap(([name, found]) => (found ? [] : [name]))
}
