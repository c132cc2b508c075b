import type { Attack, Prepare } from '../attack.ts'
import { bodyOf } from '../client.ts'
import { checkReplies } from '../replies.ts'
import { createAgent } from '../attack-context.ts'

/** A message that its variable makes very large. If it is accepted, its task can be ended. */
function amplified(parts: number, ending: 'cancel' | 'delete'): Prepare {
  return async ({ alpha }) => {
    const agent = await createAgent(alpha, 'amplifier')
    const path = `/v2/agents/${agent}/responses`
    const body = JSON.stringify({
      background: true,
      engine: 'text',
      message: {
        role: 'user',
        parts: Array.from({ length: parts }, () => ({ kind: 'text', text: '{{x}}' })),
      },
      variables: { x: 'x'.repeat(1_900_000) },
    })
    return async () => {
      const reply = await alpha.call('POST', path, body)
      if (reply.status !== 200) return checkReplies([reply])
      const task = `${path}/${String(bodyOf(reply)['task_id'])}`
      const end =
        ending === 'cancel'
          ? await alpha.call('POST', `${task}/cancel`, {})
          : await alpha.call('DELETE', task)
      const { seen, wrong } = checkReplies([reply, end])
      const stuck = end.status < 300 ? [] : [`what was accepted cannot be ended: ${end.status}`]
      return { seen, wrong: [...wrong, ...stuck] }
    }
  }
}

/** Sends many bodies of almost 10 MB at once. */
function largeBodies(count: number, body: () => unknown): Prepare {
  return async ({ alpha, many }) => {
    const agent = await createAgent(alpha, 'large')
    const text = JSON.stringify(body())
    return async () => {
      const replies = await Promise.all(
        Array.from({ length: many(count) }, () =>
          alpha.call('POST', `/v2/agents/${agent}/responses`, text),
        ),
      )
      const found = checkReplies(replies)
      const served = replies.some(({ status }) => status === 200)
      return served ? found : { ...found, wrong: [...found.wrong, 'none of them was served'] }
    }
  }
}

export const submissions: Attack = {
  name: 'submissions',
  does: 'submits requests that are or become very large',
  variants: {
    '60 times 1.9 MB, then cancel': amplified(60, 'cancel'),
    '100 times 1.9 MB, then delete': amplified(100, 'delete'),
    'twenty of 9.9 MB at once': largeBodies(20, () => ({
      background: true,
      message: { role: 'user', parts: [{ kind: 'text', text: 'x'.repeat(9_900_000) }] },
    })),
    'twenty of 9 MB in 90,000 values': largeBodies(20, () => ({
      background: true,
      message: { role: 'user', parts: [{ kind: 'text', text: 'hi' }] },
      variables: { list: Array(90_000).fill('x'.repeat(97)) },
    })),
  },
}
