import { connect, type Socket } from 'node:net'

export type OpenSockets = {
  /** The first line of each reply, or `closed`, or `open` while there is none. */
  states: string[]
  close: () => void
}

/** Opens so many connections, a hundred at a time, and sends the text over each. */
export async function openSockets(
  url: string,
  { count, text }: { count: number; text: string },
): Promise<OpenSockets> {
  const { hostname, port } = new URL(url)
  const sockets: Socket[] = []
  const states = Array.from({ length: count }, () => 'open')
  for (let from = 0; from < count; from += 100) {
    const some = Array.from({ length: Math.min(100, count - from) }, (_, at) => from + at)
    await Promise.all(
      some.map(async (at) => {
        const socket = connect({ host: hostname, port: Number(port) })
        sockets.push(socket)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, 2_000)
          const over = () => {
            clearTimeout(timer)
            resolve()
          }
          socket.once('connect', () => {
            socket.write(text)
            if (text === '') over()
          })
          socket.once('data', (chunk: Buffer) => {
            states[at] = chunk.toString('latin1').split('\r\n')[0] ?? ''
            over()
          })
          socket.on('error', () => {})
          socket.once('close', () => {
            if (states[at] === 'open') states[at] = 'closed'
            else states[at] += ', closed'
            over()
          })
        })
      }),
    )
  }
  return {
    states,
    close: () => {
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** How many sockets are in which state. */
export function countStates(states: string[]): string {
  const counts = new Map<string, number>()
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1)
  return [...counts].map(([state, count]) => `${state} × ${count}`).join('; ')
}
