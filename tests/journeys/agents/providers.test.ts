import { expect } from 'vitest'
import { test } from '../../support/orq-test.ts'
import { newAgent } from '../../support/new-agent.ts'
import { listen, only, script } from '../../support/orq-requests.ts'

const call = { id: 'c1', name: 'current_date', arguments: {}, signature: 'sig-of-the-call' }
const thought = { reasoning: 'Let me think.', signature: 'sig-of-the-thought', redacted: 'hidden' }

/** The signed content that each vendor must receive again with the result of the call. */
const returned = {
  'openai/scripted': [],
  'anthropic/claude-sonnet-4-5': ['sig-of-the-thought', 'hidden'],
  'google/gemini-3-pro': ['sig-of-the-call'],
}

test.for(Object.entries(returned))(
  '%s reasons, calls a tool, and receives its signed content again',
  async ([id, signatures], { orq, cluster }) => {
    const model = {
      id,
      parameters: { thinking: { type: 'enabled' as const, budgetTokens: 1_024 } },
    }
    const settings = { tools: [{ type: 'current_date' as const }] }
    const { key } = await orq.agents.create({ ...newAgent(), model, settings })
    const before = cluster.model.requests.length
    const turn = script({ ...thought, calls: [call] }, { text: 'Monday.' })
    const events = await listen(orq, key, turn)

    const parts = only(events, 'part.done').map(({ data }) => data.part)
    expect(parts).toMatchObject([
      { kind: 'reasoning', reasoning: 'Let me think.' },
      { kind: 'text', text: 'Monday.' },
    ])
    expect(only(events, 'tool.done')).toHaveLength(1)
    expect(only(events, 'response.done')[0]?.data.finishReason).toBe('stop')
    const [first, second] = cluster.model.requests
      .slice(before)
      .map(({ body }) => JSON.stringify(body))
    for (const signature of signatures) {
      expect(first).not.toContain(`"${signature}"`)
      expect(second).toContain(`"${signature}"`)
    }
    const seen = JSON.stringify(events)
    expect(seen).not.toMatch(/sig-of|hidden/)
  },
)
