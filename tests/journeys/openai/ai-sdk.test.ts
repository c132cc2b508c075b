import { createOpenAI } from '@ai-sdk/openai'
import { generateText, isStepCount, Output, streamText, tool } from 'ai'
import { describe, expect } from 'vitest'
import { z } from 'zod'
import { test as base, weatherCall } from '../../support/client-test.ts'

/** `model` is an agent as a model of `@ai-sdk/openai`. */
const test = base.extend('model', ({ baseURL, cluster, agent }) =>
  createOpenAI({ baseURL, apiKey: cluster.key }).responses(`agent/${agent}`),
)

const weather = tool({
  description: 'The weather of a city.',
  inputSchema: z.object({ city: z.string() }),
  execute: ({ city }) => ({ city, degrees: 3 }),
})

describe('the AI SDK', () => {
  test('says the same thing twice in a `conversation`', async ({ model, agent, vendor }) => {
    const providerOptions = { openai: { conversation: `talk-${agent}` } }
    await generateText({ model, prompt: 'Go on', providerOptions })
    const again = streamText({ model, prompt: 'Go on', providerOptions })
    expect(await again.text).toBe('You said: Go on')
    const said = ['user: Go on', 'assistant: You said: Go on', 'user: Go on']
    expect(vendor.conversation()).toEqual(['system: Be brief.', ...said])
  })

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
    vendor.replies({ text: ['{"day"', ':4,"at":"noon"}'] })
    const streamed = streamText({ model, prompt: 'Day?', output })
    await streamed.consumeStream()
    expect(await streamed.output).toEqual({ day: 4, at: 'noon' })
    expect(vendor.calls()).toBe(3)
  })
})
