import { randomUUID } from 'node:crypto'
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { canUnpack, fetchAndUnpack } from './unpack-packages.ts'

/** A Chromium, and the environment that it needs. */
export type Browser = { program: string; env: Record<string, string> }

type Options = { path?: string; tools?: string; say?: (line: string) => void }

/**
 * The Chromium of `CHROME_PATH` or of the `PATH`; otherwise that of the distribution's packages, unpacked into
 * `.tools/browser`. Undefined where there is none, and none can be had.
 */
export const bringBrowser = async ({
  path = process.env['PATH'] ?? '',
  tools = fileURLToPath(new URL('../../../.tools', import.meta.url)),
  say = (line) => console.error(line),
}: Options = {}): Promise<Browser | undefined> => {
  const chosen = process.env['CHROME_PATH']
  if (chosen !== undefined && chosen !== '') return { program: chosen, env: {} }
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    for (const folder of path.split(delimiter).filter(Boolean)) {
      if (await isThere(join(folder, name))) return { program: join(folder, name), env: {} }
    }
  }
  if (process.platform !== 'linux') return undefined
  const target = join(tools, 'browser')
  if (!(await isThere(programIn(target))) && (await canUnpack(path))) {
    say("longhaul: fetching Chromium from the system's package archive into .tools …")
    await unpack(target, tools)
  }
  return (await isThere(programIn(target))) ? unpacked(target) : undefined
}

const unpack = async (target: string, tools: string) => {
  const staging = `${target}.${randomUUID()}`
  const lists = join(tools, `apt.${randomUUID()}`)
  try {
    await mkdir(staging, { recursive: true })
    const names = ['chromium', 'fonts-dejavu-core']
    // Another process may have unpacked the same version meanwhile. Its copy is used then.
    if (!(await fetchAndUnpack(names, { staging, lists, signal: undefined }))) return
    await writeFile(join(staging, 'fonts.conf'), fontsIn(target))
    await rename(staging, target).catch(() => undefined)
  } finally {
    await rm(staging, { recursive: true, force: true })
    await rm(lists, { recursive: true, force: true })
  }
}

/** The fonts of the packages, and those of the system if it has some. */
const fontsIn = (folder: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'usr/share/fonts')}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(folder, 'font-cache')}</cachedir>
</fontconfig>
`

const programIn = (folder: string) => join(folder, 'usr/lib/chromium/chromium')

const unpacked = (folder: string): Browser => ({
  program: programIn(folder),
  env: {
    LD_LIBRARY_PATH: [
      'usr/lib/x86_64-linux-gnu',
      'usr/lib/aarch64-linux-gnu',
      'lib/x86_64-linux-gnu',
      'usr/lib/x86_64-linux-gnu/pulseaudio',
      'usr/lib/chromium',
    ]
      .map((part) => join(folder, part))
      .join(':'),
    XDG_DATA_DIRS: `${join(folder, 'usr/share')}:/usr/share`,
    FONTCONFIG_FILE: join(folder, 'fonts.conf'),
  },
})

const isThere = async (file: string) =>
  access(file).then(
    () => true,
    () => false,
  )
