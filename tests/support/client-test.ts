import type { ScriptedModel, ScriptedReply } from '@longhaul/testbed'
import { test as base } from './orq-test.ts'

/**
 * The processes of the product for a client library at its defaults: `baseURL` is that of the OpenAI dialect.
 * `vendor` is the scripted model, without the requests and replies of the test before.
 */
export const test = base
  .extend('baseURL', ({ cluster }) => `${cluster.url}/v1`)
  .extend('vendor', ({ cluster: { model } }) => {
    model.reset()
    return {
      model,
      /** Queues the replies to its next requests. */
      replies: (...replies: ScriptedReply[]) => model.reply(replies),
      /** The number of its requests. */
      calls: () => model.requests.length,
      /** The conversation in its last request. */
      conversation: () => conversationIn(model.requests.at(-1)),
      /** The names of the functions in its last request. */
      tools: () => functionsIn(model.requests.at(-1)),
    }
  })

/** A call of the function `weather` in a scripted reply. */
export function weatherCall(id: string, city: string) {
  return { id, name: 'weather', arguments: { city } }
}

/** A PNG of one pixel, in base64. */
export const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='

/**
 * The messages of a request, a line each: `assistant: I look. weather({"city":"Bern"})`. The role and the
 * description of the agent are left out.
 */
function conversationIn(request: Request | undefined): string[] {
  const messages = (request?.body.messages ?? []) as Message[]
  return messages.map(({ role, content, tool_calls: calls = [] }) => {
    const called = calls.map(({ function: { name, arguments: given } }) => `${name}(${given})`)
    return [`${role}:`, ...texts(content), ...called].join(' ').replace(preamble, '')
  })
}

const preamble = 'Your role: Assistant\n\nAnswers questions.\n\n'

function texts(content: Message['content']): string[] {
  if (typeof content === 'string') return content === '' ? [] : [content]
  return (content ?? []).map(({ type, text }) => text ?? `[${type}]`)
}

function functionsIn(request: Request | undefined): string[] {
  const tools = (request?.body['tools'] ?? []) as { function: { name: string } }[]
  return tools.map((tool) => tool.function.name)
}

type Request = ScriptedModel['requests'][number]

type Message = {
  role: string
  content?: string | { type: string; text?: string }[] | null
  tool_calls?: { function: { name: string; arguments: string } }[]
}
