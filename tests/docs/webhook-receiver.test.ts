import { test as base, startCluster } from '@longhaul/testbed'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { freePort } from '@longhaul/provision'
import { newAgent } from '../support/new-agent.ts'
import { read, runnable } from './documents.ts'

const test = base.extend('cluster', { scope: 'file' }, async ({ redisUrl }, { onCleanup }) => {
  const cluster = await startCluster({
    redisUrl,
    env: {
      LONGHAUL_EGRESS_ALLOW: '127.0.0.1',
      LONGHAUL_SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
    },
  })
  onCleanup(() => cluster.kill())
  return cluster
})

test('the receiver of docs/guides/webhooks.md verifies and prints an event', async ({
  cluster,
  onTestFinished,
}) => {
  const [sample = '', ...more] = runnable(read('docs/guides/webhooks.md'), 'js')
  expect(more).toEqual([])
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/events`
  const created = await cluster.call('POST', '/v1/webhook_endpoints', {
    name: 'guide',
    url,
    event_types: ['response.completed'],
  })
  const secret = String(created.body['signing_secret'])
  const receiver = spawn(process.execPath, ['--input-type=module', '-e', sample], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { ...process.env, PORT: String(port), WEBHOOK_SECRET: secret },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(async () => {
    receiver.kill()
    if (receiver.exitCode === null && receiver.signalCode === null) await once(receiver, 'exit')
  })
  let printed = ''
  receiver.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString()
  })
  const forged = async () => {
    const headers = { 'content-type': 'application/json', 'webhook-id': 'evt_1' }
    const reply = await fetch(url, { method: 'POST', headers, body: '{}' }).catch(() => undefined)
    return reply?.status
  }
  await expect.poll(forged).toBe(400)
  const agent = newAgent()
  await cluster.call('POST', '/v2/agents', agent)
  const message = { role: 'user', parts: [{ kind: 'text', text: 'Hello' }] }
  const path = `/v2/agents/${agent.key}/responses`
  const { body } = await cluster.call('POST', path, { background: true, message })
  const task = String(body['task_id'])
  await expect.poll(() => printed).toBe(`response.completed resp_${task}0001\n`)
})
