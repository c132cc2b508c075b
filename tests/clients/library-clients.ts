import { createOpenAI } from '@ai-sdk/openai'
import { ChatOpenAI } from '@langchain/openai'
import { Agent, OpenAIResponsesModel, run, setTracingDisabled } from '@openai/agents'
import { generateText, streamText } from 'ai'
import OpenAI from 'openai'
import type { Client, Server } from './client.ts'

setTracingDisabled(true)

/** The libraries, each at its defaults, with a whole answer and with a stream. */
export const libraryClients: Record<string, Client[]> = {
  openai: [
    async (prompt, { baseURL, apiKey, model }) => {
      const openai = new OpenAI({ baseURL, apiKey })
      return (await openai.responses.create({ model, input: prompt })).output_text
    },
    async (prompt, { baseURL, apiKey, model }) => {
      const openai = new OpenAI({ baseURL, apiKey })
      const stream = await openai.responses.create({ model, input: prompt, stream: true })
      let text = ''
      for await (const event of stream) {
        if (event.type === 'response.output_text.delta') text += event.delta
      }
      return text
    },
  ],
  ai: [
    async (prompt, server) => (await generateText({ model: languageModel(server), prompt })).text,
    async (prompt, server) => {
      const { fullStream } = streamText({
        model: languageModel(server),
        prompt,
        // By default it prints the error.
        onError: () => {},
      })
      let text = ''
      for await (const part of fullStream) {
        if (part.type === 'error') throw part.error
        if (part.type === 'text-delta') text += part.text
      }
      return text
    },
  ],
  '@langchain/openai': [
    async (prompt, server) => (await chatModel(server).invoke(prompt)).text,
    async (prompt, server) => {
      let text = ''
      for await (const chunk of await chatModel(server).stream(prompt)) text += chunk.text
      return text
    },
  ],
  '@openai/agents': [
    async (prompt, server) => String((await run(assistant(server), prompt)).finalOutput),
    async (prompt, server) => {
      const outcome = await run(assistant(server), prompt, { stream: true })
      let text = ''
      for await (const piece of outcome.toTextStream()) text += piece
      await outcome.completed
      return text
    },
  ],
}

function languageModel({ baseURL, apiKey, model }: Server) {
  return createOpenAI({ baseURL, apiKey }).responses(model)
}

function chatModel({ baseURL, apiKey, model }: Server) {
  return new ChatOpenAI({ model, apiKey, configuration: { baseURL }, useResponsesApi: true })
}

function assistant({ baseURL, apiKey, model }: Server) {
  const openai = new OpenAI({ baseURL, apiKey })
  return new Agent({ name: 'Assistant', model: new OpenAIResponsesModel(openai, model) })
}
