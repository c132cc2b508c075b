import type { Attack, Prepare } from '../attack.ts'
import { bodyOf, type Client, type Reply } from '../client.ts'
import { checkReplies } from '../replies.ts'
import { createAgent, ended, type AttackContext } from '../attack-context.ts'

const MB = 1024 * 1024

/** Makes a response with 14 MB of conversation before it, and returns its id. */
async function largeConversation(context: AttackContext, agent: string): Promise<string> {
  let last: string | undefined
  for (const size of [9 * MB, 5 * MB]) {
    const follows = last === undefined ? {} : { previous_response_id: last }
    const reply = await begin(context.alpha, agent, { input: 'x'.repeat(size), ...follows })
    if (reply.status !== 200) throw new Error(`a turn: ${reply.status} ${reply.text}`)
    last = String(bodyOf(reply)['id'])
    await ended(context, context.alpha, `/v1/responses/${last}`)
  }
  return last ?? ''
}

function begin(client: Client, agent: string, body: object): Promise<Reply> {
  return client.call('POST', '/v1/responses', {
    model: `agent/${agent}`,
    background: true,
    ...body,
  })
}

/** Forks the conversation with many tiny requests at once, with several keys. */
function byTinyRequests(keys: number): Prepare {
  return async (context) => {
    const agent = await createAgent(context.alpha, 'forked', { model: 'demo/instant' })
    const id = await largeConversation(context, agent)
    const clients = [context.alpha, ...context.others].slice(0, keys)
    return async () => {
      const fork = { input: 'hi', previous_response_id: id }
      const replies = await Promise.all(
        clients.flatMap((client) =>
          Array.from({ length: context.many(60) }, () => begin(client, agent, fork)),
        ),
      )
      const { seen, wrong } = checkReplies(replies)
      const served = replies.some(({ status }) => status === 200)
      return { seen, wrong: served ? wrong : [...wrong, 'no fork was ever accepted'] }
    }
  }
}

export const forks: Attack = {
  name: 'forks',
  does: 'continues a large conversation many times with requests of a few bytes',
  variants: { 'one key': byTinyRequests(1), 'four keys': byTinyRequests(4) },
}
