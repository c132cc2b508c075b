import { expect } from 'vitest'
import { test } from '../../support/orq-test.ts'
import { newAgent } from '../../support/new-agent.ts'

const wrong = [
  'google/x/../../../internal/reload#',
  'google/models/../../admin/delete?x=',
  'google/%2e%2e/x',
  `google/${'x'.repeat(300)}`,
]

test.for(wrong)(
  'the model id %s is refused with the name of its field',
  async (id, { cluster, agent }) => {
    const agents = '/v2/agents'
    const tried = [
      [agents, { ...newAgent(), model: id }, 'model'],
      [agents, { ...newAgent(), model: { id } }, 'model'],
      [agents, { ...newAgent(), fallback_models: [id] }, 'fallback_models[0]'],
      ['/v1/responses', { model: id, input: 'hello' }, 'model'],
      [
        '/v1/responses',
        { model: `agent/${agent}`, input: 'hello', fallbacks: [{ model: id }] },
        'fallbacks[0].model',
      ],
    ] as const
    for (const [path, body, field] of tried) {
      const reply = await cluster.call('POST', path, body)
      expect([reply.status, reply.body]).toMatchObject([
        400,
        { errors: [{ path: field, message: expect.stringContaining('provider/model') }] },
      ])
    }
    const patched = await cluster.call('PATCH', `${agents}/${agent}`, { model: id })
    expect([patched.status, patched.body]).toMatchObject([400, { errors: [{ path: 'model' }] }])
  },
)
