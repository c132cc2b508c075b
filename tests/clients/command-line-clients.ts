import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from './client.ts'
import { createCodex } from './codex.ts'
import { createOpencode } from './opencode.ts'

/** The command line clients, each at its defaults. They stream. */
export const commandLineClients: Record<string, Client[]> = {
  codex: [
    (prompt, server) =>
      inFolder(async (folder) => {
        const codex = await createCodex({ folder, ...server })
        return await codex.exec(prompt)
      }),
  ],
  opencode: [
    (prompt, server) =>
      inFolder(async (folder) => {
        const opencode = await createOpencode({ folder, ...server })
        return (await opencode.run(prompt)).trim()
      }),
  ],
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const parent = await mkdtemp(join(tmpdir(), 'longhaul-client-'))
  try {
    const folder = join(parent, 'work')
    await mkdir(folder)
    return await work(folder)
  } finally {
    await rm(parent, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}
