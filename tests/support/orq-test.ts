import { Orq } from '@orq-ai/node'
import { clusterTest } from '@longhaul/testbed'
import { newAgent } from './new-agent.ts'

/**
 * The processes of the product, and the official SDK for them: `orq` with the key of `cluster.call`,
 * `stranger` with that of another workspace. `agent` is the key of an agent of the first workspace, new in
 * each test.
 */
export const test = clusterTest
  .extend('orq', ({ cluster }) => new Orq({ serverURL: cluster.url, apiKey: cluster.key }))
  .extend(
    'stranger',
    ({ cluster }) => new Orq({ serverURL: cluster.url, apiKey: cluster.strangersKey }),
  )
  .extend('agent', async ({ orq }) => (await orq.agents.create(newAgent())).key)
