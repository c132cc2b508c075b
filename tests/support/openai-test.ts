import { createOpenResponses } from '@ai-sdk/open-responses'
import OpenAI from 'openai'
import type { ScriptedReply } from '@longhaul/testbed'
import { test as base } from './orq-test.ts'

/**
 * The processes of the product, and clients of OpenAI Responses for them: `openai`, and `vercel`, which
 * makes a model of the AI SDK from an id.
 */
export const test = base
  .extend(
    'openai',
    ({ cluster }) =>
      new OpenAI({ baseURL: `${cluster.url}/v1`, apiKey: cluster.key, maxRetries: 0 }),
  )
  .extend('vercel', ({ cluster }) =>
    createOpenResponses({
      name: 'longhaul',
      url: `${cluster.url}/v1/responses`,
      apiKey: cluster.key,
    }),
  )

/** An input with the script of the model's replies, call by call. */
export function scripted(...replies: (ScriptedReply | ScriptedReply[])[]): string {
  return JSON.stringify({ script: replies })
}

/** A function that the client runs. */
export const getWeather = {
  type: 'function' as const,
  name: 'get_weather',
  description: 'The weather of a city.',
  strict: false,
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
  },
}
