import OpenAI from 'openai'
import { zodResponsesFunction } from 'openai/helpers/zod'
import type {
  Response,
  ResponseCreateParamsNonStreaming,
  ResponseInput,
} from 'openai/resources/responses/responses'
import { describe, expect } from 'vitest'
import { z } from 'zod'
import { pixel, test as base, weatherCall } from '../../support/client-test.ts'

/** `openai` has the defaults of the SDK, its retries included. */
const test = base
  .extend('openai', ({ baseURL, cluster }) => new OpenAI({ baseURL, apiKey: cluster.key }))
  .extend('model', ({ agent }) => `agent/${agent}`)

const tools = [
  zodResponsesFunction({ name: 'weather', parameters: z.object({ city: z.string() }) }),
]
const inBern = 'tool: 3 degrees in Bern'
const twoCalls = {
  reasoning: 'Hm.',
  text: 'I look.',
  calls: [weatherCall('c1', 'Bern'), weatherCall('c2', 'Rome')],
}
const asked = [
  'system: Be brief.',
  'user: Weather?',
  'assistant: I look. weather({"city":"Bern"}) weather({"city":"Rome"})',
  inBern,
  'tool: 3 degrees in Rome',
]

describe.each([
  ['create', create],
  ['stream', stream],
])('responses.%s of the openai SDK', (_, ask) => {
  test('runs tools in a loop, by history', async ({ openai, model, vendor }) => {
    vendor.replies(twoCalls, { text: 'Both are cold.' })
    const input: ResponseInput = [{ role: 'user', content: 'Weather?' }]
    const first = await ask(openai, { model, tools, input })
    input.push(...replayed(first), ...outputsFor(first))
    const second = await ask(openai, { model, tools, input })
    expect(second.output_text).toBe('Both are cold.')
    expect(vendor.conversation()).toEqual(asked)
    input.push(...replayed(second), { role: 'user', content: 'Thanks' })
    await ask(openai, { model, tools, input })
    expect(vendor.conversation()).toEqual([...asked, 'assistant: Both are cold.', 'user: Thanks'])
  })

  test('runs tools in a loop, by `previous_response_id`', async ({ openai, model, vendor }) => {
    vendor.replies(twoCalls, { text: 'Both are cold.' })
    const first = await ask(openai, { model, tools, input: 'Weather?' })
    const results = outputsFor(first)
    const continued = { model, tools, previous_response_id: first.id }
    const second = await ask(openai, { ...continued, input: results })
    expect(second.output_text).toBe('Both are cold.')
    expect(vendor.conversation()).toEqual(asked)
    // The history may come along, and a message may stand before the results.
    const news = { role: 'user' as const, content: 'And?' }
    await ask(openai, { ...continued, input: [news, ...replayed(first), ...results] })
    expect(vendor.conversation().toSorted()).toEqual([...asked, 'user: And?'].toSorted())
  })

  test('runs tools in a loop, in a conversation', async ({ openai, model, agent, vendor }) => {
    vendor.replies(twoCalls, { text: 'Both are cold.' })
    const talk = { model, tools, conversation: `talk-${agent}` }
    const first = await ask(openai, { ...talk, input: 'Weather?' })
    await ask(openai, { ...talk, input: outputsFor(first) })
    await ask(openai, { ...talk, input: 'Thanks' })
    expect(vendor.conversation()).toEqual([...asked, 'assistant: Both are cold.', 'user: Thanks'])
  })

  test('names earlier items by their ids', async ({ openai, model, vendor }) => {
    vendor.replies(twoCalls, { text: 'Both are cold.' })
    const first = await ask(openai, { model, tools, input: 'Weather?' })
    const references = first.output.map(({ id = '' }) => ({ type: 'item_reference' as const, id }))
    const question = { role: 'user' as const, content: 'Weather?' }
    const input = [question, ...references, ...outputsFor(first)]
    await ask(openai, { model, tools, input })
    expect(vendor.conversation()).toEqual(asked)
    const message = references.map(({ id }) => ({ id })).find(({ id }) => id.startsWith('msg_'))
    await ask(openai, { model, input: [question, message!, { role: 'user', content: 'And?' }] })
    const said = ['user: Weather?', 'assistant: I look.', 'user: And?']
    expect(vendor.conversation()).toEqual(['system: Be brief.', ...said])
    const unknown = { id: 'msg_unknown' }
    const refused = ask(openai, { model, input: [unknown, question] })
    await expect(refused).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining('msg_unknown') as string,
    })
  })

  test('receives the error of a failed turn, and sends no repeat', async ({
    openai,
    model,
    vendor,
  }) => {
    vendor.replies({ status: 400, body: { error: { message: 'no' } } })
    await expect(ask(openai, { model, input: 'Hi' })).rejects.toThrow('provider_failed')
    expect(vendor.calls()).toBe(1)
  })

  test('returns an image as the result of a tool', async ({ openai, model, vendor }) => {
    vendor.replies({ calls: [weatherCall('c1', 'Bern')] }, { text: 'A pixel.' })
    const first = await ask(openai, { model, tools, input: 'Weather?' })
    const input: ResponseInput = [
      {
        type: 'function_call_output',
        call_id: 'c1',
        output: [
          { type: 'input_text', text: 'a pixel' },
          { type: 'input_image', detail: 'auto', image_url: `data:image/png;base64,${pixel}` },
          {
            type: 'input_file',
            filename: 'a.pdf',
            file_data: `data:application/pdf;base64,${pdf}`,
          },
        ],
      },
    ]
    const second = await ask(openai, { model, tools, previous_response_id: first.id, input })
    expect(second.output_text).toBe('A pixel.')
    expect(vendor.conversation().slice(3)).toEqual([
      expect.stringMatching(/^tool: a pixel/),
      expect.stringMatching(/^user: .+ \[image_url\] \[file\]$/),
    ])
    const listed = await openai.responses.inputItems.list(second.id)
    expect(listed.data).toMatchObject(input)
  })
})

/** The beginning of a PDF. */
const pdf = Buffer.from('%PDF-1.4\n').toString('base64')

async function create(openai: OpenAI, body: ResponseCreateParamsNonStreaming): Promise<Response> {
  return await openai.responses.create(body)
}

async function stream(openai: OpenAI, body: ResponseCreateParamsNonStreaming): Promise<Response> {
  return await openai.responses.stream({ ...body, stream: true }).finalResponse()
}

/** The output of a response as items of the next request. */
function replayed({ output }: Response): ResponseInput {
  return output as ResponseInput
}

/** The results of a response's calls. */
function outputsFor({ output }: Response) {
  return output
    .filter((item) => item.type === 'function_call')
    .map(({ call_id, arguments: given }) => ({
      type: 'function_call_output' as const,
      call_id,
      output: `3 degrees in ${(JSON.parse(given) as { city: string }).city}`,
    }))
}
