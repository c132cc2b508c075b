import { Orq } from '@orq-ai/node'
import { clusterTest } from '@longhaul/testbed'
import { newAgent } from './new-agent.ts'

/**
 * The product's own processes, and the official SDK pointed at them: `orq` with the key of `cluster.call`,
 * `stranger` with that of another workspace. `agent` is the key of an agent of the first one, new in
 * each test.
 */
export const test = clusterTest
  .extend('orq', ({ cluster }) => new Orq({ serverURL: cluster.url, apiKey: cluster.key }))
  .extend(
    'stranger',
    ({ cluster }) => new Orq({ serverURL: cluster.url, apiKey: cluster.strangersKey }),
  )
  .extend('agent', async ({ orq }) => (await orq.agents.create(newAgent())).key)
