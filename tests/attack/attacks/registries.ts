import type { Attack, Prepare } from '../attack.ts'
import type { Reply } from '../client.ts'
import { checkReplies } from '../replies.ts'
import { createAgent, message, type AttackContext, submit } from '../attack-context.ts'

type Add = (count: number) => Promise<Reply>

/** Adds many items, several at a time. A limit must refuse the last of them with 429. */
function addMany(
  { count, atOnce }: { count: number; atOnce: number },
  prepare: (context: AttackContext) => Promise<Add>,
): Prepare {
  return async (context) => {
    const add = await prepare(context)
    return async () => {
      const replies: Reply[] = []
      let refusal: Reply | undefined
      let added = 0
      const adders = Array.from({ length: atOnce }, async () => {
        while (refusal === undefined && added < count) {
          added += 1
          const reply = await add(added)
          replies.push(reply)
          if (reply.status === 429) refusal = reply
        }
      })
      await Promise.all(adders)
      const { seen, wrong } = checkReplies(replies)
      if (refusal === undefined) wrong.push(`none of ${replies.length} was refused`)
      else if (!refusal.text.includes('"violated_policies"')) {
        wrong.push(`the refusal names no policy: ${refusal.text.slice(0, 300)}`)
      }
      return { seen, wrong }
    }
  }
}

export const registries: Attack = {
  name: 'registries',
  does: 'adds versions and watch tokens without end',
  variants: {
    'versions of an agent': addMany({ count: 1_100, atOnce: 1 }, async ({ alpha }) => {
      const agent = await createAgent(alpha, 'versioned')
      return (count) =>
        alpha.call('PATCH', `/v2/agents/${agent}`, { instructions: `version ${count}` })
    }),
    'watch tokens': addMany({ count: 11_000, atOnce: 16 }, async ({ alpha }) => {
      const agent = await createAgent(alpha, 'watched', { model: 'demo/instant' })
      const task = await submit(alpha, agent, message('hi'))
      const path = `/v2/agents/${agent}/responses/${task}/watch-token`
      return () => alpha.call('POST', path, {})
    }),
  },
}
