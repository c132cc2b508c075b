import { createOpenResponses } from '@ai-sdk/open-responses'
import OpenAI from 'openai'
import type { ScriptedReply } from '@longhaul/testbed'
import { test as base } from './orq-test.ts'

/**
 * The product's own processes, and clients of OpenAI Responses pointed at them: `openai`, and `vercel`, which
 * makes a model of the AI SDK of an id.
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

/** An input that tells the scripted model how to answer, call by call. */
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
