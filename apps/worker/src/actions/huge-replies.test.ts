import {
  type ScriptedReply,
  type ServedReply,
  type Cluster,
  startScriptedServer,
  startCluster,
  test as base,
} from '@longhaul/testbed'
import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { expect } from 'vitest'

const MB = 1024 * 1024
const huge = 100 * MB
/** The maximum growth of the worker's memory with all of these replies at once: far less than the size of one reply. */
const growth = 150 * MB

const served: Record<string, ServedReply> = {
  long: { huge, headers: { 'content-length': String(huge) } },
  chunked: { huge },
  broken: { huge, status: 500 },
  bomb: { body: gzipSync(Buffer.alloc(huge)), headers: { 'content-encoding': 'gzip' } },
}

const test = base
  .extend('service', { scope: 'file' }, async ({}, { onCleanup }) => {
    const service = await startScriptedServer()
    onCleanup(() => service.close())
    service.reply(({ path }) => served[path.slice(1)] ?? {})
    return service
  })
  .extend('cluster', { scope: 'file' }, async ({ redisUrl, service }, { onCleanup }) => {
    const env = { LONGHAUL_EGRESS_ALLOW: '127.0.0.1' }
    const cluster = await startCluster({ redisUrl, env })
    onCleanup(() => cluster.kill())
    const tools = Object.keys(served)
    for (const key of tools) {
      const http = { blueprint: { url: `${service.url}/${key}`, method: 'GET' } }
      const body = { key, path: 'tests', type: 'http', description: key, http }
      expect((await cluster.call('POST', '/v2/tools', body)).status).toBe(200)
    }
    const { status } = await cluster.call('POST', '/v2/agents', {
      key: 'any',
      role: 'r',
      description: 'd',
      instructions: 'i',
      path: 'tests',
      model: { id: 'openai/scripted', retry: { count: 1 } },
      settings: { tools: tools.map((key) => ({ type: 'http', key })) },
    })
    expect(status).toBe(201)
    return cluster
  })

test.runIf(process.platform === 'linux')(
  'concurrent replies of 100 MB are truncated in little memory, and other turns continue meanwhile',
  async ({ cluster }) => {
    await run(cluster, [{ text: 'warm' }])
    const pid = cluster.workers[0]?.pid ?? 0
    const before = await peakOf(pid)

    const models = (['text', 'line', 'arguments', 'error'] as const).map(
      async (hugeAs) => [hugeAs, await run(cluster, [{ huge, hugeAs }])] as const,
    )
    const tools = Object.keys(served).map(
      async (name) =>
        [name, await run(cluster, [{ calls: [{ name }] }, { text: 'I have read it' }])] as const,
    )
    const all = Promise.all([...models, ...tools])
    let others = 0
    for (const over = settled(all); !over(); others += 1) {
      expect(await run(cluster, [{ text: 'other' }])).toMatchObject({ status: 200 })
    }
    const ended = Object.fromEntries(await all)

    const tooLarge = { status: 502, body: { error: { code: 'output_too_large' } } }
    expect(ended['text']).toMatchObject(tooLarge)
    expect(ended['line']).toMatchObject(tooLarge)
    expect(ended['arguments']).toMatchObject(tooLarge)
    expect(ended['error']).toMatchObject({
      status: 502,
      body: { error: { code: 'provider_failed' } },
    })
    for (const name of Object.keys(served)) {
      expect(ended[name]).toMatchObject({
        status: 200,
        body: {
          finish_reason: 'stop',
          output: [
            {
              metadata: { tool_calls: [{ name, error: expect.stringContaining('larger than') }] },
            },
          ],
        },
      })
    }
    expect(others).toBeGreaterThan(0)
    expect((await peakOf(pid)) - before).toBeLessThan(growth)
  },
)

async function run(cluster: Cluster, script: ScriptedReply[]) {
  const message = { role: 'user', parts: [{ kind: 'text', text: JSON.stringify({ script }) }] }
  return await cluster.call('POST', '/v2/agents/any/responses', { message })
}

function settled(promise: Promise<unknown>): () => boolean {
  let over = false
  const end = () => {
    over = true
  }
  promise.then(end, end)
  return () => over
}

/** The peak memory of a process, in bytes. */
async function peakOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024
}
