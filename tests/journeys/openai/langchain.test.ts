import {
  AIMessage,
  type AIMessageChunk,
  type BaseMessage,
  HumanMessage,
  SystemMessage,
} from '@langchain/core/messages'
import type { Runnable } from '@langchain/core/runnables'
import { tool } from '@langchain/core/tools'
import { ChatOpenAI, type ChatOpenAIFields } from '@langchain/openai'
import { describe, expect } from 'vitest'
import { z } from 'zod'
import { pixel, test as base, weatherCall } from '../../support/client-test.ts'

/** `chat` makes an agent a chat model of LangChain. */
const test = base.extend(
  'chat',
  ({ baseURL, cluster, agent }) =>
    (fields?: ChatOpenAIFields) =>
      new ChatOpenAI({
        model: `agent/${agent}`,
        apiKey: cluster.key,
        configuration: { baseURL },
        useResponsesApi: true,
        ...fields,
      }),
)

const weather = tool(({ city }) => JSON.stringify({ city, degrees: 3 }), {
  name: 'weather',
  description: 'The weather of a city.',
  schema: z.object({ city: z.string() }),
})

/** A tool with an image as its result. */
const look = tool(
  () => [
    { type: 'text', text: 'a pixel' },
    { type: 'image_url', image_url: { url: `data:image/png;base64,${pixel}` } },
  ],
  { name: 'look', description: 'Takes a picture.', schema: z.object({}) },
)

const inBern = 'tool: {"city":"Bern","degrees":3}'

describe.each([
  ['invoke', invoke],
  ['stream', stream],
])('%s of LangChain', (_, ask) => {
  test('runs tools in a loop, with reasoning and text before the calls', async ({
    chat,
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
    const messages = [new SystemMessage('Be kind.'), new HumanMessage('Weather?')]
    const model = chat().bindTools([weather])
    const loop = await runTools((input) => ask(model, input), messages)
    expect(loop.at(-1)?.text).toBe('Both are cold.')
    const asked = [
      'system: Be brief.\n\nBe kind.',
      'user: Weather?',
      'assistant: I look. weather({"city":"Bern"}) weather({"city":"Rome"})',
      inBern,
      'tool: {"city":"Rome","degrees":3}',
    ]
    expect(vendor.conversation()).toEqual(asked)
    const next = await ask(model, [...loop, new HumanMessage('Thanks')])
    expect(next.text).toBe('You said: Thanks')
    expect(vendor.conversation()).toEqual([...asked, 'assistant: Both are cold.', 'user: Thanks'])
  })

  test('continues by `previous_response_id`, and in a `conversation`', async ({
    chat,
    agent,
    vendor,
  }) => {
    const first = await ask(chat(), [new HumanMessage('One')])
    const options = { previous_response_id: String(first.response_metadata['id']) }
    const next = await ask(chat().bindTools([weather], options), [new HumanMessage('Two')])
    expect(next.text).toBe('You said: Two')
    const said = ['system: Be brief.', 'user: One', 'assistant: You said: One', 'user: Two']
    expect(vendor.conversation()).toEqual(said)
    const talking = chat({ modelKwargs: { conversation: `talk-${agent}` } })
    await ask(talking, [new HumanMessage('One')])
    await ask(talking, [new HumanMessage('Two')])
    expect(vendor.conversation()).toEqual(said)
  })

  test('offers a hosted tool, which the model does not see', async ({ chat, vendor }) => {
    const model = chat().bindTools([weather, { type: 'web_search' }])
    const answer = await ask(model, [new HumanMessage('Hi')])
    expect(answer.text).toBe('You said: Hi')
    expect(vendor.tools()).toEqual(['weather'])
  })

  test('shows the reasoning that it asked for', async ({ chat, cluster, agent, vendor }) => {
    const configuration = { baseURL: `${cluster.url}/v2/agents/${agent}` }
    const model = chat({ model: 'gpt-5', configuration, reasoning: { summary: 'auto' } })
    vendor.replies({ reasoning: 'Hm.', text: 'Cold.' })
    const answer = await ask(model, [new HumanMessage('Weather?')])
    expect(answer.text).toBe('Cold.')
    expect(answer.contentBlocks).toMatchObject([{ type: 'reasoning', reasoning: 'Hm.' }, {}])
  })

  test('receives a refusal as one', async ({ chat, vendor }) => {
    vendor.replies({ refusal: 'I will not.' })
    const answer = await ask(chat(), [new HumanMessage('Do it')])
    expect(answer.additional_kwargs).toMatchObject({ refusal: 'I will not.' })
  })

  test('receives the error of a failed turn, and sends no repeat', async ({ chat, vendor }) => {
    vendor.replies({ status: 400, body: { error: { message: 'no' } } })
    const messages = [new HumanMessage('Hi')]
    await expect(ask(chat(), messages)).rejects.toThrow('provider_failed')
    expect(vendor.calls()).toBe(1)
  })

  test('returns an image as the result of a tool', async ({ chat, vendor }) => {
    vendor.replies({ calls: [{ id: 'c1', name: 'look', arguments: {} }] }, { text: 'A pixel.' })
    const model = chat().bindTools([look])
    const loop = await runTools((input) => ask(model, input), [new HumanMessage('Look')])
    expect(loop.at(-1)?.text).toBe('A pixel.')
    expect(vendor.conversation()).toEqual([
      'system: Be brief.',
      'user: Look',
      'assistant: look({})',
      expect.stringMatching(/^tool: a pixel/),
      expect.stringMatching(/^user: .+ \[image_url\]$/),
    ])
    expect(JSON.stringify(vendor.model.requests.at(-1)?.body)).toContain(pixel)
  })
})

test('LangChain sends messages that it did not receive', async ({ chat, vendor }) => {
  const call = { id: 'c1', name: 'weather', args: { city: 'Bern' } }
  const messages = [
    new HumanMessage('Weather?'),
    new AIMessage({ content: '', tool_calls: [call] }),
    await weather.invoke({ ...call, type: 'tool_call' as const }),
  ]
  const answer = await chat().bindTools([weather]).invoke(messages)
  expect(answer.text).toBe('You said: Weather?')
  expect(vendor.conversation()).toEqual([
    'system: Be brief.',
    'user: Weather?',
    'assistant: weather({"city":"Bern"})',
    inBern,
  ])
})

test.for([{}, { method: 'functionCalling' as const }])(
  'LangChain receives the form that it asked for, with %o',
  async (method, { chat, vendor }) => {
    const reply = { day: 3 }
    if ('method' in method) vendor.replies({ calls: [{ id: 'c1', name: 'day', arguments: reply }] })
    else vendor.replies({ text: JSON.stringify(reply) })
    const form = z.object({ day: z.number() })
    const model = chat().withStructuredOutput(form, { name: 'day', ...method })
    expect(await model.invoke('Which day?')).toEqual(reply)
    expect(vendor.calls()).toBe(1)
  },
)

type Model = Runnable<BaseMessage[], AIMessageChunk>

async function invoke(model: Model, messages: BaseMessage[]): Promise<AIMessageChunk> {
  return await model.invoke(messages)
}

async function stream(model: Model, messages: BaseMessage[]): Promise<AIMessageChunk> {
  let whole: AIMessageChunk | undefined
  for await (const chunk of await model.stream(messages)) whole = whole?.concat(chunk) ?? chunk
  if (whole === undefined) throw new Error('the stream had no chunk')
  return whole
}

/** Asks until the answer has no call. Resolves with all messages. */
async function runTools(
  ask: (messages: BaseMessage[]) => Promise<AIMessageChunk>,
  messages: BaseMessage[],
): Promise<BaseMessage[]> {
  const answer = await ask(messages)
  const calls = answer.tool_calls ?? []
  const results: BaseMessage[] = []
  for (const { name, args, id = '' } of calls) {
    const call = { name, args, id, type: 'tool_call' as const }
    results.push(await (name === 'look' ? look.invoke(call) : weather.invoke(call)))
  }
  const longer = [...messages, answer, ...results]
  return calls.length === 0 ? longer : await runTools(ask, longer)
}
