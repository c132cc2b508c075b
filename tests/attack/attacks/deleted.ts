import type { Attack } from '../attack.ts'
import { bodyOf } from '../client.ts'
import { createAgent } from '../attack-context.ts'

export const deleted: Attack = {
  name: 'deleted',
  does: 'looks for the words of a deleted response in every view',
  variants: {
    'the second of three': async ({ alpha }) => {
      const agent = await createAgent(alpha, 'forgetful')
      const say = async (input: string, previous?: string) => {
        const reply = await alpha.call('POST', '/v1/responses', {
          model: `agent/${agent}`,
          input,
          ...(previous !== undefined && { previous_response_id: previous }),
        })
        return String(bodyOf(reply)['id'])
      }
      const first = await say('first-word')
      const second = await say('gone-word', first)
      const third = await say('third-word', second)
      const responses = `/v2/agents/${agent}/responses`
      const task = first.slice(5, 31)
      const path = `${responses}/${task}`
      const token = bodyOf(await alpha.call('POST', `${path}/watch-token`, {}))
      return async () => {
        const { status } = await alpha.call('DELETE', `/v1/responses/${second}`)
        const views = [
          path,
          `${path}?include=messages`,
          `${responses}/${third}?include=messages&format=orq`,
          `${path}/log`,
          `${path}/events`,
          `${path}/events?after=0`,
          `${String(token['url'])}&after=0`,
          responses,
          '/v2/responses',
          `/v1/responses/${second}`,
          `/v1/responses/${third}`,
          `/v1/responses/${third}?stream=true`,
          `/v1/responses/${third}/input_items`,
          '/v2/reviews',
        ]
        const wrong = status < 300 ? [] : [`it could not be deleted: ${status}`]
        let readable = 0
        for (const view of views) {
          const headers = view.includes('token=') ? { authorization: '' } : {}
          const reply = await alpha.call('GET', view, undefined, { headers })
          if (reply.status === 200) readable += 1
          if (reply.text.includes('gone-word')) wrong.push(`${view} shows a deleted word`)
        }
        if (readable < 10) wrong.push(`only ${readable} views could be read`)
        return { seen: `${readable} of ${views.length} views were read`, wrong }
      }
    },
  },
}
