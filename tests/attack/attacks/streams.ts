import type { Attack, Prepare } from '../attack.ts'
import { bodyOf, type Client } from '../client.ts'
import { createAgent, scripted, type AttackContext, submit } from '../attack-context.ts'
import { countStates, openSockets } from './open-sockets.ts'

type Target = { alpha: Client; path: string; url: string }

/** Many streams or waits for a turn that does not end. A limit must refuse some of them with 429. */
function openMany(
  count: number,
  pathOf: (target: Target) => Promise<string>,
  hasKey: boolean,
): Prepare {
  return async (context) => {
    const { alpha, url } = context
    const agent = await createAgent(alpha, 'endless')
    const task = await submit(alpha, agent, scripted({ fault: 'hang' }))
    const path = `/v2/agents/${agent}/responses/${task}`
    const opened = await pathOf({ alpha, path, url })
    const key = hasKey ? `authorization: Bearer ${alpha.key}\r\n` : ''
    const text = `GET ${opened} HTTP/1.1\r\nhost: attacker\r\n${key}\r\n`
    return async () => {
      const sockets = await openSockets(url, { count: context.many(count), text })
      context.atEnd(() => sockets.close())
      const states = sockets.states()
      const refused = states.filter((state) => state.includes(' 429 ')).length
      const refusal = await refusalOf(context, opened, hasKey)
      sockets.close()
      await alpha.call('POST', `${path}/cancel`, {})
      return {
        seen: countStates(states),
        wrong:
          refused === 0
            ? [`none of ${states.length} was refused`]
            : refusal === undefined || /"violated_policies"/.test(refusal)
              ? []
              : [`the refusal names no policy: ${refusal.slice(0, 300)}`],
      }
    }
  }
}

/** The reply to one more request while all others are open. */
async function refusalOf(
  { alpha }: AttackContext,
  path: string,
  hasKey: boolean,
): Promise<string | undefined> {
  const headers = hasKey ? {} : { authorization: '' }
  const reply = await alpha.call('GET', path, undefined, { timeoutMs: 3_000, headers })
  return reply.status === 429 ? reply.text : undefined
}

export const streams: Attack = {
  name: 'streams',
  does: 'opens thousands of streams and waits',
  variants: {
    'streams of one key': openMany(3_000, ({ path }) => Promise.resolve(`${path}/events`), true),
    'waits of one key': openMany(3_000, ({ path }) => Promise.resolve(`${path}?wait=60`), true),
    'streams of one watch token': openMany(
      3_000,
      async ({ alpha, path }) =>
        String(bodyOf(await alpha.call('POST', `${path}/watch-token`, {}))['url']),
      false,
    ),
  },
}
