import { generateText, isStepCount, Output, streamText, tool } from 'ai'
import { describe, expect } from 'vitest'
import { z } from 'zod'
import { scripted, test } from '../../support/openai-test.ts'

describe('the AI SDK with `@ai-sdk/open-responses`', () => {
  test('generates a text', async ({ vercel, agent }) => {
    const answer = await generateText({ model: vercel(`agent/${agent}`), prompt: 'Hi' })
    expect(answer.text).toBe('You said: Hi')
    expect(answer.finishReason).toBe('stop')
    expect(answer.usage).toMatchObject({ inputTokens: expect.any(Number) as number })
  })

  test('has its own tools called in a loop', async ({ vercel, agent, cluster }) => {
    const cities: string[] = []
    const answer = await generateText({
      model: vercel(`agent/${agent}`),
      instructions: 'Speak softly.',
      prompt: scripted(
        {
          reasoning: 'Hm.',
          text: 'I look.',
          calls: [{ id: 'c1', name: 'weather', arguments: { city: 'Bern' } }],
        },
        { text: 'It is cold.' },
      ),
      tools: { weather: weather(cities) },
      stopWhen: isStepCount(3),
    })
    expect(cities).toEqual(['Bern'])
    expect(answer.text).toBe('It is cold.')
    expect(answer.steps).toHaveLength(2)
    expect(answer.steps[0]?.reasoningText).toBe('Hm.')
    const roles = (cluster.model.requests.at(-1)?.body.messages ?? []).map(({ role }) => role)
    expect(roles).toEqual(['system', 'user', 'assistant', 'tool'])
  })

  test('streams a text', async ({ vercel, agent }) => {
    const cities: string[] = []
    const stream = streamText({
      model: vercel(`agent/${agent}`),
      prompt: scripted(
        {
          reasoning: ['Let ', 'me see.'],
          calls: [{ id: 'c1', name: 'weather', arguments: { city: 'Rome' } }],
        },
        { text: ['It ', 'is ', 'warm.'], chunkDelay: 50 },
      ),
      tools: { weather: weather(cities) },
      stopWhen: isStepCount(3),
    })
    let text = ''
    for await (const piece of stream.textStream) text += piece
    expect(text).toBe('It is warm.')
    expect(cities).toEqual(['Rome'])
    expect(await stream.finishReason).toBe('stop')
    expect((await stream.steps)[0]?.reasoningText).toBe('Let me see.')
  })

  test('receives a structured answer', async ({ vercel, agent }) => {
    const answer = await generateText({
      model: vercel(`agent/${agent}`),
      prompt: scripted({ text: '{"day":3}' }),
      output: Output.object({ schema: z.object({ day: z.number() }) }),
    })
    expect(answer.output).toEqual({ day: 3 })
  })
})

function weather(cities: string[]) {
  return tool({
    description: 'The weather of a city.',
    inputSchema: z.object({ city: z.string() }),
    execute({ city }) {
      cities.push(city)
      return { degrees: 3 }
    },
  })
}

describe("the orq SDK's own responses", () => {
  test('are created and read', async ({ orq, agent }) => {
    const input = scripted({ reasoning: 'Hm.', text: 'Yes.' })
    const made = await orq.responses.create({ model: `agent/${agent}`, input })
    if (!('output' in made)) throw new Error('answered by a stream')
    expect(made).toMatchObject({ status: 'completed', model: `agent/${agent}`, error: null })
    const read = await orq.responses.get({ responseId: made.id })
    expect(read).toEqual(made)
    const next = await orq.responses.create({
      model: `agent/${agent}`,
      background: true,
      previousResponseId: made.id,
      thread: { id: 't-1' },
      input: [{ role: 'user', content: 'Again' }],
    })
    expect(next).toMatchObject({ previousResponseId: made.id, background: true })
  })

  test('are streamed', async ({ orq, agent }) => {
    const stream = await orq.responses.create({
      model: `agent/${agent}`,
      stream: true,
      input: scripted({ reasoning: 'Hm.', text: 'Yes.' }),
    })
    if ('output' in stream) throw new Error('answered as JSON')
    const types: unknown[] = []
    for await (const { data } of stream) types.push(data?.type)
    expect(types).toContain('response.output_text.delta')
    expect(types.at(-1)).toBe('response.completed')
  })
})
