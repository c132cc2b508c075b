import type { Attack, Prepare } from '../attack.ts'
import { checkReplies } from '../replies.ts'

/** Sends a faulty body, which must be refused. */
function refused(path: string, bodyWith: (repeated: string) => unknown, text: string): Prepare {
  return ({ alpha, many }) => {
    const body = JSON.stringify(bodyWith(text.repeat(many(9_000_000 / text.length))))
    return Promise.resolve(async () => {
      const reply = await alpha.call('POST', path, body)
      const { seen, wrong } = checkReplies([reply])
      const served = reply.status >= 400 ? [] : [`it was answered ${reply.status}`]
      return { seen, wrong: [...wrong, ...served] }
    })
  }
}

function image(url: string) {
  return {
    model: 'attacker/scripted',
    input: [{ role: 'user', content: [{ type: 'input_image', image_url: url }] }],
  }
}

export const patterns: Attack = {
  name: 'patterns',
  does: 'sends millions of repetitions of a pattern’s group',
  variants: {
    'a data URL of semicolons': refused('/v1/responses', (text) => image(`data:${text}`), ';'),
    'a data URL of parameters': refused('/v1/responses', (text) => image(`data:${text}`), ';a'),
    'an agent key of pieces': refused(
      '/v2/agents',
      (text) => ({
        key: `a${text}`,
        role: 'r',
        description: 'd',
        instructions: 'i',
        path: 'Default',
        model: 'attacker/scripted',
        settings: {},
      }),
      '_a',
    ),
  },
}
