import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ScriptedReply } from '@longhaul/testbed'
import { test as base } from '../support/openai-test.ts'
import { createCodex } from './codex.ts'
import { createOpencode } from './opencode.ts'
import { isForTitle, rolesOf } from './vendor-request.ts'

/**
 * The processes of the product, and two command line clients that work in `folder`, where `fish.txt` and
 * `red.png` are. Their model is the agent. `vendor.replies` scripts the model calls of a conversation, the first one
 * first; `vendor.requests` are these calls.
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
  .extend('vendor', ({ cluster: { model } }) => {
    function reply(replies: ScriptedReply[]): void {
      model.reply((request) => {
        if (isForTitle(request)) return { text: 'Fish' }
        return replies[rolesOf(request).filter((role) => role === 'assistant').length]
      })
    }
    model.reset()
    reply([])
    return {
      replies: (...replies: ScriptedReply[]) => reply(replies),
      requests: () => model.requests.filter((request) => !isForTitle(request)),
    }
  })
  .extend('client', ({ cluster, agent, folder }, { onCleanup }) => {
    const over = new AbortController()
    onCleanup(() => over.abort())
    const baseURL = `${cluster.url}/v1`
    return { folder, baseURL, apiKey: cluster.key, model: `agent/${agent}`, signal: over.signal }
  })
  .extend('codex', ({ client }) => createCodex(client))
  .extend('opencode', ({ client }) => createOpencode(client))

/** An image in the format PNG. */
export const redSquare =
  'iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAF0lEQVR4nGP4z8BAEiJN9aiGUQ1DSgMAkPn/Afnh+ngAAAAASUVORK5CYII='
