import { createOpenAI } from '@ai-sdk/openai'
import { generateText, isStepCount, type ModelMessage, Output, streamText, tool } from 'ai'
import { describe, expect } from 'vitest'
import { z } from 'zod'
import { generate, stream } from '../../support/ai-sdk-modes.ts'
import { pixel, test as base, weatherCall } from '../../support/client-test.ts'

/** `model` is an agent as a model of `@ai-sdk/openai`. */
const test = base.extend('model', ({ baseURL, cluster, agent }) =>
  createOpenAI({ baseURL, apiKey: cluster.key }).responses(`agent/${agent}`),
)

const weather = tool({
  description: 'The weather of a city.',
  inputSchema: z.object({ city: z.string() }),
  execute: ({ city }) => ({ city, degrees: 3 }),
})

const inBern = 'tool: {"city":"Bern","degrees":3}'

describe.each([
  ['generateText', generate],
  ['streamText', stream],
])('%s of the AI SDK', (_, ask) => {
  test('runs tools in a loop, with reasoning and text before the calls', async ({
    model,
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
    const instructions = 'Be kind.'
    const answer = await ask({ model, instructions, prompt: 'Weather?', tools: { weather } })
    expect(answer).toMatchObject({ text: 'Both are cold.', steps: 2, finish: 'stop' })
    const asked = [
      'system: Be brief.\n\nBe kind.',
      'user: Weather?',
      'assistant: I look. weather({"city":"Bern"}) weather({"city":"Rome"})',
      inBern,
      'tool: {"city":"Rome","degrees":3}',
    ]
    expect(vendor.conversation()).toEqual(asked)
    const messages: ModelMessage[] = [
      { role: 'user', content: 'Weather?' },
      ...answer.messages,
      { role: 'user', content: 'Thanks' },
    ]
    const next = await ask({ model, instructions, prompt: messages, tools: { weather } })
    expect(next.text).toBe('You said: Thanks')
    expect(vendor.conversation()).toEqual([...asked, 'assistant: Both are cold.', 'user: Thanks'])
  })

  test('continues by `previousResponseId`, with and without the history', async ({
    model,
    vendor,
  }) => {
    vendor.replies({ text: 'I look.', calls: [weatherCall('c1', 'Bern')] }, { text: 'Cold.' })
    const first = await ask({ model, prompt: 'Weather?', tools: { weather } })
    vendor.replies({ text: 'Again.', calls: [weatherCall('c2', 'Bern')] }, { text: 'Still cold.' })
    const openai = { previousResponseId: first.id }
    const next = await ask({ model, prompt: 'And now?', tools: { weather }, openai })
    expect(next).toMatchObject({ text: 'Still cold.', steps: 2 })
    const before = [
      'system: Be brief.',
      'user: Weather?',
      'assistant: I look. weather({"city":"Bern"})',
      inBern,
      'assistant: Cold.',
    ]
    const second = ['user: And now?', 'assistant: Again. weather({"city":"Bern"})', inBern]
    expect(vendor.conversation()).toEqual([...before, ...second])
    const prompt: ModelMessage[] = [
      { role: 'user', content: 'Weather?' },
      ...first.messages,
      { role: 'user', content: 'Thanks' },
    ]
    await ask({ model, prompt, tools: { weather }, openai })
    expect(vendor.conversation()).toEqual([...before, 'user: Thanks'])
  })

  test('continues a `conversation`, with and without the history', async ({
    model,
    agent,
    vendor,
  }) => {
    const openai = { conversation: `talk-${agent}` }
    vendor.replies(
      { reasoning: 'Hm.', text: 'I look.', calls: [weatherCall('c1', 'Bern')] },
      { text: 'Cold.' },
    )
    const first = await ask({ model, prompt: 'Weather?', tools: { weather }, openai })
    expect(first).toMatchObject({ text: 'Cold.', steps: 2 })
    const begun = [
      'system: Be brief.',
      'user: Weather?',
      'assistant: I look. weather({"city":"Bern"})',
    ]
    expect(vendor.conversation()).toEqual([...begun, inBern])
    await ask({ model, prompt: 'Thanks', openai })
    const thanked = [...begun, inBern, 'assistant: Cold.', 'user: Thanks']
    expect(vendor.conversation()).toEqual(thanked)
    const prompt: ModelMessage[] = [
      { role: 'user', content: 'Weather?' },
      ...first.messages,
      { role: 'user', content: 'Thanks' },
      { role: 'assistant', content: 'You said: Thanks' },
      { role: 'user', content: 'Bye' },
    ]
    await ask({ model, prompt, tools: { weather }, openai })
    expect(vendor.conversation().at(-1)).toBe('user: Bye')
    expect(vendor.conversation().slice(0, thanked.length)).toEqual(thanked)
  })

  test('says the same thing twice in a `conversation`', async ({ model, agent, vendor }) => {
    const openai = { conversation: `talk-${agent}` }
    await ask({ model, prompt: 'Go on', openai })
    await ask({ model, prompt: 'Go on', openai })
    const said = ['user: Go on', 'assistant: You said: Go on', 'user: Go on']
    expect(vendor.conversation()).toEqual(['system: Be brief.', ...said])
  })

  test('shows the reasoning that it asked for, with the URL of an agent as its base', async ({
    agent,
    cluster,
    vendor,
  }) => {
    const baseURL = `${cluster.url}/v2/agents/${agent}`
    const model = createOpenAI({ baseURL, apiKey: cluster.key }).responses('gpt-5')
    const openai = { reasoningSummary: 'auto' }
    vendor.replies(
      { reasoning: 'Hm.', text: 'I look.', calls: [weatherCall('c1', 'Bern')] },
      { text: 'Again.', calls: [weatherCall('c2', 'Bern')] },
      { text: 'Cold.' },
    )
    const instructions = 'Be kind.'
    const tools = { weather }
    const answer = await ask({ model, instructions, prompt: 'Weather?', tools, openai })
    expect(answer).toMatchObject({ text: 'Cold.', steps: 3, reasoning: 'Hm.' })
    expect(vendor.conversation()).toEqual([
      'system: Be brief.\n\nBe kind.',
      'user: Weather?',
      'assistant: I look. weather({"city":"Bern"})',
      inBern,
      'assistant: Again. weather({"city":"Bern"})',
      inBern,
    ])
  })

  test('offers a hosted tool, which the model does not see', async ({
    baseURL,
    cluster,
    agent,
    vendor,
  }) => {
    const openai = createOpenAI({ baseURL, apiKey: cluster.key })
    const tools = { weather, search: openai.tools.webSearch({}) }
    const answer = await ask({ model: openai.responses(`agent/${agent}`), prompt: 'Hi', tools })
    expect(answer.text).toBe('You said: Hi')
    expect(vendor.tools()).toEqual(['weather'])
  })

  test('receives a refusal as one, and the sources of a text', async ({ model, vendor }) => {
    const source = { url: 'https://a.example', title: 'A', start_index: 0, end_index: 2 }
    vendor.replies(
      { text: 'It is so.', sources: [{ type: 'url_citation', url_citation: source }] },
      { refusal: 'I will not.' },
    )
    const cited = await ask({ model, prompt: 'Is it so?' })
    expect(cited.sources).toMatchObject([{ sourceType: 'url', url: source.url, title: 'A' }])
    const refused = await ask({ model, prompt: 'Do it' })
    expect(refused).toMatchObject({ text: 'I will not.', finish: 'content-filter' })
  })

  test('receives the error of a failed turn, and sends no repeat', async ({ model, vendor }) => {
    vendor.replies({ status: 400, body: { error: { message: 'no' } } })
    await expect(ask({ model, prompt: 'Hi' })).rejects.toThrow('provider_failed')
    expect(vendor.calls()).toBe(1)
  })

  test('returns an image as the result of a tool', async ({ model, vendor }) => {
    vendor.replies({ calls: [{ id: 'c1', name: 'look', arguments: {} }] }, { text: 'A pixel.' })
    const answer = await ask({ model, prompt: 'Look', tools: { look } })
    expect(answer.text).toBe('A pixel.')
    expect(vendor.conversation()).toEqual([
      'system: Be brief.',
      'user: Look',
      'assistant: look({})',
      expect.stringMatching(/^tool: a pixel/),
      expect.stringMatching(/^user: .+ \[image_url\]$/),
    ])
    expect(JSON.stringify(vendor.model.requests.at(-1)?.body)).toContain(pixel)
  })

  test('tells the model that a tool failed, or that its arguments were wrong', async ({
    model,
    vendor,
  }) => {
    const failing = tool({
      inputSchema: z.object({ n: z.number() }),
      execute: (): string => {
        throw new Error('boom')
      },
    })
    vendor.replies(
      { calls: [{ id: 'c1', name: 'failing', arguments: { n: 1 } }] },
      { calls: [{ id: 'c2', name: 'failing', arguments: { n: 'one' } }] },
      { text: 'It failed twice.' },
    )
    const answer = await ask({ model, prompt: 'Try', tools: { failing } })
    expect(answer).toMatchObject({ text: 'It failed twice.', steps: 3 })
    expect(vendor.conversation().slice(2)).toEqual([
      'assistant: failing({"n":1})',
      expect.stringContaining('boom'),
      'assistant: failing({"n":"one"})',
      expect.stringContaining('InvalidToolInput'),
    ])
  })
})

describe('the AI SDK', () => {
  test('receives the form that it asked for, also from a tool loop', async ({ model, vendor }) => {
    const output = Output.object({
      schema: z.object({ day: z.number(), at: z.string().optional() }),
    })
    vendor.replies({ calls: [weatherCall('c1', 'Bern')] }, { text: '{"day":3}' })
    const tools = { weather }
    const made = await generateText({
      model,
      prompt: 'Day?',
      output,
      tools,
      stopWhen: isStepCount(5),
    })
    expect(made.output).toEqual({ day: 3 })
    vendor.replies({ text: ['```json\n{"day"', ':4,"at":"noon"}\n```'] })
    const streamed = streamText({ model, prompt: 'Day?', output })
    await streamed.consumeStream()
    expect(await streamed.output).toEqual({ day: 4, at: 'noon' })
    expect(vendor.calls()).toBe(3)
  })
})

/** A tool with an image as its result. */
const look = tool({
  inputSchema: z.object({}),
  execute: () => pixel,
  toModelOutput: ({ output: data }) => ({
    type: 'content',
    value: [
      { type: 'text', text: 'a pixel' },
      { type: 'file', mediaType: 'image/png', data: { type: 'data', data } },
    ],
  }),
})
