import { setTimeout as sleep } from 'node:timers/promises'
import type { Attack, Prepare } from '../attack.ts'
import { countStates, openSockets } from './open-sockets.ts'

/** Opens many connections without a key. Some seconds later the server must have closed most of them. */
function idle(count: number, text: string): Prepare {
  return (context) =>
    Promise.resolve(async () => {
      const sockets = await openSockets(context.url, { count: context.many(count), text })
      context.atEnd(() => sockets.close())
      await sleep(context.many(5_000))
      const states = sockets.states()
      sockets.close()
      const open = states.filter((state) => !state.includes('closed')).length
      const wrong = open > states.length / 2 ? [`${open} of ${states.length} are still open`] : []
      return { seen: countStates(states), wrong }
    })
}

export const connections: Attack = {
  name: 'connections',
  does: 'opens thousands of connections without a key',
  variants: {
    'that send nothing': idle(3_000, ''),
    'that send half a head': idle(3_000, 'GET /v2/responses HTTP/1.1\r\nhost: a\r\n'),
    'that keep alive': idle(3_000, 'GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n'),
  },
}
