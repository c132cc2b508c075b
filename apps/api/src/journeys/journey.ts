import { Orq } from '@orq-ai/node'
import { startStack, test as base, testKey } from '@longhaul/testing'
import { newAgent } from './new-agent.ts'

/** The key of a second workspace. */
export const strangersKey = 'lh_fedcba9876543210_for-tests-too'

export const apiKeys = `acme:${testKey},strangers:${strangersKey}`

const env = {
  LONGHAUL_API_KEYS: apiKeys,
  LONGHAUL_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
  // What tools and files are served from here.
  LONGHAUL_EGRESS_ALLOW: '127.0.0.1',
}

/**
 * The product's own processes, one stack for each file, and the official SDK pointed at them: `orq`
 * with the key of `stack.call`, `stranger` with that of another workspace. `agent` is the key of an
 * agent of the first one, new in each test.
 */
export const test = base
  .extend('stack', { scope: 'file' }, async ({ redisUrl }, { onCleanup }) => {
    const stack = await startStack({ redisUrl, env })
    onCleanup(() => stack.stop())
    return stack
  })
  .extend('orq', ({ stack }) => new Orq({ serverURL: stack.url, apiKey: stack.key }))
  .extend('stranger', ({ stack }) => new Orq({ serverURL: stack.url, apiKey: strangersKey }))
  .extend('agent', async ({ orq }) => (await orq.agents.create(newAgent())).key)
