import {
  Agent,
  type AgentInputItem,
  MemorySession,
  OpenAIResponsesModel,
  run,
  setTracingDisabled,
  tool,
  webSearchTool,
} from '@openai/agents'
import OpenAI from 'openai'
import { describe, expect } from 'vitest'
import { z } from 'zod'
import { pixel, test as base, weatherCall } from '../../support/client-test.ts'

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

    test('shows the reasoning that it asked for', async ({ model, vendor }) => {
      const modelSettings = { reasoning: { summary: 'auto' as const } }
      vendor.replies({ reasoning: 'Hm.', text: 'Cold.' })
      const thinker = new Agent({ name: 'Thinker', model, modelSettings })
      const { finalOutput, history } = await ask(thinker, 'Weather?', { stream })
      expect(finalOutput).toBe('Cold.')
      const [, reasoning] = history
      expect(reasoning).toMatchObject({ type: 'reasoning', content: [{ text: 'Hm.' }] })
    })

    test('receives a refusal as one', async ({ assistant, vendor }) => {
      vendor.replies({ refusal: 'I will not.' })
      const refused = ask(assistant, 'Do it', { stream })
      await expect(refused).rejects.toMatchObject({ refusal: 'I will not.' })
    })

    test('receives the error of a failed turn, and sends no repeat', async ({
      assistant,
      vendor,
    }) => {
      vendor.replies({ status: 400, body: { error: { message: 'no' } } })
      await expect(ask(assistant, 'Hi', { stream })).rejects.toThrow('provider_failed')
      expect(vendor.calls()).toBe(1)
    })

    test('returns an image as the result of a tool', async ({ model, vendor }) => {
      vendor.replies({ calls: [{ id: 'c1', name: 'look', arguments: {} }] }, { text: 'A pixel.' })
      const viewer = new Agent({ name: 'Viewer', model, tools: [look] })
      const outcome = await ask(viewer, 'Look', { stream })
      expect(outcome.finalOutput).toBe('A pixel.')
      expect(vendor.conversation()).toEqual([
        'system: Be brief.',
        'user: Look',
        'assistant: look({})',
        expect.stringMatching(/^tool: a pixel/),
        expect.stringMatching(/^user: .+ \[image_url\]$/),
      ])
      expect(JSON.stringify(vendor.model.requests.at(-1)?.body)).toContain(pixel)
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

  test('tells the model that the arguments of a call were wrong', async ({ assistant, vendor }) => {
    vendor.replies(
      { calls: [{ id: 'c1', name: 'weather', arguments: { town: 1 } }] },
      { text: 'No.' },
    )
    const outcome = await run(assistant, 'Weather?')
    expect(outcome.finalOutput).toBe('No.')
    expect(vendor.conversation().slice(2)).toEqual([
      'assistant: weather({"town":1})',
      expect.stringContaining('An error occurred while running the tool'),
    ])
  })

  test('offers a hosted tool, which the model does not see', async ({ model, vendor }) => {
    const agent = new Agent({ name: 'Searcher', model, tools: [webSearchTool(), weather] })
    expect((await run(agent, 'Hi')).finalOutput).toBe('You said: Hi')
    expect(vendor.tools()).toEqual(['weather'])
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

/** A tool with an image as its result. */
const look = tool({
  name: 'look',
  description: 'Takes a picture.',
  parameters: z.object({}),
  execute: () => [
    { type: 'text' as const, text: 'a pixel' },
    { type: 'image' as const, image: `data:image/png;base64,${pixel}` },
  ],
})
