import {
  Agent,
  type AgentInputItem,
  MemorySession,
  OpenAIResponsesModel,
  run,
  setTracingDisabled,
  tool,
} from '@openai/agents'
import OpenAI from 'openai'
import { describe, expect } from 'vitest'
import { z } from 'zod'
import { test as base, weatherCall } from '../../support/client-test.ts'

setTracingDisabled(true)

/** `model` is an agent as a model of the Agents SDK, and `assistant` an agent of the SDK with it. */
const test = base
  .extend('model', ({ baseURL, cluster, agent }) => {
    const openai = new OpenAI({ baseURL, apiKey: cluster.key })
    return new OpenAIResponsesModel(openai, `agent/${agent}`)
  })
  .extend(
    'assistant',
    ({ model }) =>
      new Agent({ name: 'Assistant', instructions: 'Be kind.', model, tools: [weather] }),
  )

const weather = tool({
  name: 'weather',
  description: 'The weather of a city.',
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => ({ city, degrees: 3 }),
})

const system = 'system: Be brief.\n\nBe kind.'
const inBern = 'tool: {"city":"Bern","degrees":3}'

describe.each([{ stream: false }, { stream: true }] as const)(
  'the Agents SDK, with %o',
  ({ stream }) => {
    test('runs tools in a loop, with reasoning and text before the calls', async ({
      assistant,
      vendor,
    }) => {
      vendor.replies(
        {
          reasoning: 'Hm.',
          text: 'I look.',
          calls: [weatherCall('c1', 'Bern'), weatherCall('c2', 'Rome')],
        },
        { text: 'Both are cold.' },
      )
      const outcome = await ask(assistant, 'Weather?', { stream })
      expect(outcome.finalOutput).toBe('Both are cold.')
      const asked = [
        system,
        'user: Weather?',
        'assistant: I look. weather({"city":"Bern"}) weather({"city":"Rome"})',
        inBern,
        'tool: {"city":"Rome","degrees":3}',
      ]
      expect(vendor.conversation()).toEqual(asked)
      const thanks: AgentInputItem[] = [...outcome.history, { role: 'user', content: 'Thanks' }]
      const more = await ask(assistant, thanks, { stream })
      expect(more.finalOutput).toBe('You said: Thanks')
      expect(vendor.conversation()).toEqual([...asked, 'assistant: Both are cold.', 'user: Thanks'])
    })

    test('continues by `previousResponseId`', async ({ assistant, vendor }) => {
      const first = await ask(assistant, 'Hi', { stream })
      vendor.replies({ text: 'I look.', calls: [weatherCall('c1', 'Bern')] }, { text: 'Cold.' })
      const previousResponseId = first.lastResponseId!
      const next = await ask(assistant, 'Weather?', { stream, previousResponseId })
      expect(next.finalOutput).toBe('Cold.')
      expect(vendor.conversation()).toEqual([
        system,
        'user: Hi',
        'assistant: You said: Hi',
        'user: Weather?',
        'assistant: I look. weather({"city":"Bern"})',
        inBern,
      ])
    })

    test('continues a conversation', async ({ assistant, agent, vendor }) => {
      const options = { stream, conversationId: `talk-${agent}` }
      vendor.replies({ calls: [weatherCall('c1', 'Bern')] }, { text: 'Cold.' })
      await ask(assistant, 'Weather?', options)
      const next = await ask(assistant, 'Thanks', options)
      expect(next.finalOutput).toBe('You said: Thanks')
      expect(vendor.conversation()).toEqual([
        system,
        'user: Weather?',
        'assistant: weather({"city":"Bern"})',
        inBern,
        'assistant: Cold.',
        'user: Thanks',
      ])
    })

    test('continues a session', async ({ assistant, vendor }) => {
      const options = { stream, session: new MemorySession() }
      vendor.replies({ text: 'I look.', calls: [weatherCall('c1', 'Bern')] }, { text: 'Cold.' })
      await ask(assistant, 'Weather?', options)
      await ask(assistant, 'Thanks', options)
      expect(vendor.conversation()).toEqual([
        system,
        'user: Weather?',
        'assistant: I look. weather({"city":"Bern"})',
        inBern,
        'assistant: Cold.',
        'user: Thanks',
      ])
    })
  },
)

describe('the Agents SDK', () => {
  test('receives the form that it asked for', async ({ model, vendor }) => {
    vendor.replies({ text: '{"day":3}' })
    const outputType = z.object({ day: z.number() })
    const outcome = await run(new Agent({ name: 'Calendar', model, outputType }), 'Which day?')
    expect(outcome.finalOutput).toEqual({ day: 3 })
  })

  test('hands over to another agent', async ({ model, vendor }) => {
    const other = new Agent({ name: 'Other', instructions: 'Be quick.', model })
    const first = Agent.create({ name: 'First', model, tools: [weather], handoffs: [other] })
    vendor.replies(
      { calls: [{ id: 'c1', name: 'transfer_to_Other', arguments: {} }] },
      { text: 'I am the other.' },
    )
    const outcome = await run(first, 'Hand over')
    expect(outcome.finalOutput).toBe('I am the other.')
    expect(vendor.conversation()).toEqual([
      'system: Be brief.\n\nBe quick.',
      'user: Hand over',
      'assistant: transfer_to_Other({})',
      'tool: {"assistant":"Other"}',
    ])
  })
})

type Options = {
  stream: boolean
  previousResponseId?: string
  conversationId?: string
  session?: MemorySession
}

/** Runs an agent of the SDK; a stream until its end. */
async function ask(
  agent: Agent,
  input: string | AgentInputItem[],
  { stream, ...options }: Options,
) {
  if (!stream) return await run(agent, input, options)
  const outcome = await run(agent, input, { ...options, stream: true })
  let text = ''
  for await (const piece of outcome.toTextStream()) text += piece
  await outcome.completed
  expect(text).toMatch(new RegExp(`${outcome.finalOutput}$`))
  return outcome
}
