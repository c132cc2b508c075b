import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { dyingWithParent } from '@longhaul/provision'
import { type Cluster, clusterTest, type ScriptedReply, testOperatorKey } from '@longhaul/testbed'

export const program = fileURLToPath(new URL('../bin/longhaul.mjs', import.meta.url))

export type Ended = { code: number | null; stdout: string; stderr: string }
export type Running = { child: ChildProcess; ended: Promise<Ended> }

type Options = { input?: string; env?: Record<string, string> }

/** Starts the real command. `home` is a folder for its settings. */
export async function startCommand(
  words: string[],
  { home, url, key }: { home: string; url: string; key: string },
  { input, env = {} }: Options = {},
): Promise<Running> {
  const [command, ...rest] = [...(await dyingWithParent()), process.execPath, program]
  const child = spawn(command ?? '', [...rest, ...words], {
    cwd: home,
    env: { ...environment({ home, url, key }), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.on('error', () => {})
  child.stdin.end(input ?? '')
  const closed = new Promise<number | null>((resolve) => {
    child.once('close', resolve)
  })
  const all = [text(child.stdout), text(child.stderr), closed] as const
  const ended = Promise.all(all).then(([stdout, stderr, code]) => ({ stdout, stderr, code }))
  return { child, ended }
}

export function environment({ home, url, key }: { home: string; url: string; key: string }) {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    LONGHAUL_CWD: home,
    LONGHAUL_URL: url,
    LONGHAUL_API_KEY: key,
    LONGHAUL_OPERATOR_KEY: testOperatorKey,
  }
}

/** The product with two agents, `plain` and `careful`, whose tool needs an approval, and the command line. */
export const test = clusterTest
  .extend('cluster', { scope: 'file' }, async ({ lent }) => {
    await createAgents(lent)
    return lent
  })
  .extend('home', async ({}, { onCleanup }) => {
    const folder = await mkdtemp(join(tmpdir(), 'longhaul-cli-'))
    onCleanup(() => rm(folder, { recursive: true }))
    return folder
  })
  .extend(
    'start',
    ({ cluster, home }) =>
      (words: string[], options?: Options) =>
        startCommand(words, { home, url: cluster.url, key: cluster.key }, options),
  )
  .extend(
    'longhaul',
    ({ start }) =>
      async (words: string[], options?: Options) =>
        await (
          await start(words, options)
        ).ended,
  )

export async function createAgents({ call }: Pick<Cluster, 'call'>): Promise<void> {
  const settings = { tools: [{ type: 'current_date', requires_approval: true }] }
  await call('POST', '/v2/agents', { ...agent, key: 'plain' })
  await call('POST', '/v2/agents', { ...agent, key: 'careful', settings })
}

const agent = {
  role: 'Assistant',
  description: 'Answers',
  instructions: 'Be brief.',
  path: 'Default',
  model: 'openai/scripted',
  settings: {},
}

/** A message that scripts the replies of the model. */
export function script(...replies: ScriptedReply[]): string {
  return JSON.stringify({ script: replies })
}

export const date: ScriptedReply = {
  calls: [{ name: 'current_date', arguments: { timezone: 'UTC' } }],
}
