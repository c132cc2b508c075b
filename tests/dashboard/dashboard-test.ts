import { onTestFinished, expect } from 'vitest'
import { buildDashboard } from '../../scripts/dashboard.ts'
import { newAgent } from '../support/new-agent.ts'
import { startReceiver } from '../support/receiver.ts'
import { test as base } from './browser-test.ts'

/** A cluster with a browser, two agents, and receivers of events, which end with their test. */
export const test = base
  .extend('agent', { scope: 'file' }, async ({ cluster }) => {
    await buildDashboard()
    const agent = newAgent()
    await cluster.call('POST', '/v2/agents', agent)
    const asking = { ...newAgent(), key: `${agent.key}-ask`, settings: approval }
    await cluster.call('POST', '/v2/agents', asking)
    const path = `/v2/agents/${agent.key}/responses`
    return {
      key: agent.key,
      path,
      submit: async (turn: object, to = agent.key) => {
        const body = { ...turn, background: true }
        const reply = await cluster.call('POST', `/v2/agents/${to}/responses`, body)
        expect(reply.body).toHaveProperty('task_id')
        return String(reply.body['task_id'])
      },
      ended: (task: string) => cluster.call('GET', `${path}/${task}?wait=60`),
    }
  })
  .extend('receive', () => async (...words: Parameters<typeof startReceiver>) => {
    const receiver = await startReceiver(...words)
    onTestFinished(() => receiver.close())
    return receiver
  })

/** The second agent asks before each call. */
const approval = { tools: [{ type: 'current_date' }], tool_approval_required: 'all' }
/** A reply of the model that such a call is in. */
export const call = { calls: [{ name: 'current_date', id: 'a', arguments: {} }] }
