import { Orq } from '@orq-ai/node'
import { stackTest } from '@longhaul/testbed'
import { newAgent } from './new-agent.ts'

/**
 * The product's own processes, and the official SDK pointed at them: `orq` with the key of `stack.call`,
 * `stranger` with that of another workspace. `agent` is the key of an agent of the first one, new in
 * each test.
 */
export const test = stackTest
  .extend('orq', ({ stack }) => new Orq({ serverURL: stack.url, apiKey: stack.key }))
  .extend('stranger', ({ stack }) => new Orq({ serverURL: stack.url, apiKey: stack.strangersKey }))
  .extend('agent', async ({ orq }) => (await orq.agents.create(newAgent())).key)
