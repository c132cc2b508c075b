import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base } from '../support/openai-test.ts'
import { createOpencode } from './opencode.ts'

/**
 * The processes of the product, and command line clients that work in `folder`, where `fish.txt` and
 * `red.png` are. Their model is the agent.
 */
export const test = base
  .extend('folder', async ({}, { onCleanup }) => {
    const parent = await mkdtemp(join(tmpdir(), 'longhaul-client-'))
    onCleanup(() => rm(parent, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }))
    const folder = join(parent, 'work')
    await mkdir(folder)
    await writeFile(join(folder, 'fish.txt'), 'one fish, two fish\n')
    await writeFile(join(folder, 'red.png'), Buffer.from(redSquare, 'base64'))
    return folder
  })
  .extend('client', ({ cluster, agent, folder }, { onCleanup }) => {
    const over = new AbortController()
    onCleanup(() => over.abort())
    const baseURL = `${cluster.url}/v1`
    return { folder, baseURL, apiKey: cluster.key, model: `agent/${agent}`, signal: over.signal }
  })
  .extend('opencode', ({ client }) => createOpencode(client))

/** An image in the format PNG. */
export const redSquare =
  'iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAF0lEQVR4nGP4z8BAEiJN9aiGUQ1DSgMAkPn/Afnh+ngAAAAASUVORK5CYII='
