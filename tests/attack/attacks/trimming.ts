import type { Attack, Prepare } from '../attack.ts'
import { bodyOf } from '../client.ts'
import { checkReplies } from '../replies.ts'
import { createAgent, ended } from '../attack-context.ts'

/** A conversation of many short messages. The last request asks for trimming. */
function trimmed(messages: number): Prepare {
  return async (context) => {
    const { alpha, many } = context
    const model = { id: 'attacker/scripted', context_window: 1_000 }
    const agent = await createAgent(alpha, 'trimmed', { model })
    const input = Array.from({ length: 999 }, (_, at) => ({
      role: at % 2 === 0 ? 'user' : 'assistant',
      content: 'hi',
    }))
    let previous: string | undefined
    for (let sent = 0; sent < many(messages); sent += input.length) {
      const reply = await alpha.call('POST', '/v1/responses', {
        model: `agent/${agent}`,
        truncation: 'disabled',
        input: [...input, { role: 'user', content: JSON.stringify({ script: [{ text: 'ok' }] }) }],
        ...(previous !== undefined && { previous_response_id: previous }),
      })
      if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text.slice(0, 300)}`)
      previous = String(bodyOf(reply)['id'])
    }
    return async () => {
      const body = { model: `agent/${agent}`, truncation: 'auto', background: true, input: 'last' }
      const replies = await Promise.all(
        [1, 2].map(() =>
          alpha.call('POST', '/v1/responses', { ...body, previous_response_id: previous }),
        ),
      )
      for (const reply of replies.filter(({ status }) => status === 200)) {
        await ended(context, alpha, `/v1/responses/${String(bodyOf(reply)['id'])}`)
      }
      return checkReplies(replies)
    }
  }
}

export const trimming: Attack = {
  name: 'trimming',
  does: 'requests the trimming of a conversation of thousands of short messages',
  variants: { '12,000 messages': trimmed(12_000), '30,000 messages': trimmed(30_000) },
}
