import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, delimiter, dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import {
  startMcpServer,
  startScriptedServer,
  startCluster,
  test as base,
  testOperatorKey,
} from '@longhaul/testbed'
import { expect } from 'vitest'
import { redisBinary } from '@longhaul/provision'
import { createDemoAgent } from '../../scripts/demo-agent.ts'
import { blocksOf, read } from './documents.ts'

const run = promisify(execFile)

/** The services of the examples: the product, a scripted model, and a service with orders. */
export const test = base.extend('env', { scope: 'file' }, async ({ redisUrl }, { onCleanup }) => {
  const orders = await startScriptedServer()
  orders.reply(({ path }) =>
    path.endsWith('.png')
      ? { body: Buffer.from('89504e470d0a1a0a', 'hex') }
      : { body: { number: '7', state: 'shipped' } },
  )
  const forecasts = await startMcpServer()
  const cluster = await startCluster({
    redisUrl,
    env: {
      LONGHAUL_EGRESS_ALLOW: '127.0.0.1',
      LONGHAUL_SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
    },
  })
  cluster.model.reply(({ body }) => {
    const asked = body.messages?.at(-1)
    const said = asked?.role === 'user' ? JSON.stringify(asked.content) : ''
    const [, call] = Object.entries(calls).find(([question]) => said.includes(question)) ?? []
    return call === undefined ? { text: 'There you are.' } : { calls: [{ id: 'c1', ...call }] }
  })
  const { url, key } = cluster
  await createDemoAgent({ url, key, signal: AbortSignal.timeout(60_000) })
  const cli = await programs()
  onCleanup(async () => {
    await rm(cli, { recursive: true })
    await cluster.kill()
    await orders.close()
    await forecasts.close()
  })
  return {
    PATH: `${cli}${delimiter}${process.env['PATH']}`,
    XDG_CONFIG_HOME: join(cli, 'config'),
    REDIS_URL: redisUrl,
    LONGHAUL_URL: cluster.url,
    LONGHAUL_API_KEY: cluster.key,
    LONGHAUL_OPERATOR_KEY: testOperatorKey,
    ORDERS_URL: orders.url,
    FORECASTS_URL: forecasts.url,
  }
})

/** A folder with the redis-cli of the test server, and with this version's command line. */
async function programs(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'longhaul-docs-'))
  const { command = 'redis-server', libraries } = (await redisBinary()) ?? {}
  const program = join(dirname(command), basename(command).replace('server', 'cli'))
  const needs = libraries === undefined ? '' : `LD_LIBRARY_PATH=${libraries} `
  const text = `#!/bin/sh\n${needs}exec ${program} "$@"\n`
  await writeFile(join(folder, 'redis-cli'), text, { mode: 0o755 })
  const longhaul = `#!/bin/sh\nexec ${process.execPath} ${resolve('apps/cli/bin/longhaul.mjs')} "$@"\n`
  await writeFile(join(folder, 'longhaul'), longhaul, { mode: 0o755 })
  return folder
}

/** The call of the model for each message. */
const calls = {
  'Where is order 7?': { name: 'find_order', arguments: { number: '7' } },
  'Refund order 7.': { name: 'refund_order', arguments: { number: '7' } },
  'Is it cold in Bern?': { name: 'get_weather', arguments: { city: 'Bern' } },
}

/** Runs the examples of a page as one script, and compares what they print with the JSON after them. */
export async function runExamples(file: string, env: Record<string, string>): Promise<void> {
  const blocks = blocksOf(read(file)).filter(({ flags }) => !flags.includes('no-run'))
  const shell = blocks.filter(({ language }) => language === 'sh')
  const script = shell.map(({ code }) => `${code}\nprintf '\\n${mark}\\n'\n`).join('')
  const { stdout } = await run('bash', ['-eo', 'pipefail', '-c', script], { env })
  const outputs = stdout.split(`\n${mark}\n`)
  expect(outputs).toHaveLength(shell.length + 1)
  for (const [at, block] of shell.entries()) {
    // JSON after a block is a part of the output of its last line.
    const next = blocks[blocks.indexOf(block) + 1]
    if (next?.language !== 'json') continue
    expect(lastJson(outputs[at] ?? '')).toMatchObject(JSON.parse(next.code))
  }
}

const mark = '----- the end of a block'

/** Splits replies that follow each other without a line break. */
function lastJson(output: string): unknown {
  const start = Math.max(output.lastIndexOf('}{') + 1, 0)
  return JSON.parse(output.slice(start))
}
