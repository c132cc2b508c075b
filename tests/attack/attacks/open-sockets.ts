import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export type OpenSockets = {
  /** The state of each socket: the first line of its reply, or `open`; with `closed` if the server has closed it. */
  states: () => string[]
  close: () => void
}

const atOnce = 200

/** Opens connections, and sends the text over each. Resolves a second after the last one. */
export async function openSockets(
  url: string,
  { count, text }: { count: number; text: string },
): Promise<OpenSockets> {
  const sockets: { socket: Socket; line: string }[] = []
  while (sockets.length < count) {
    const some = Array.from({ length: Math.min(atOnce, count - sockets.length) }, () =>
      openSocket(url, text),
    )
    sockets.push(...some)
    await Promise.all(some.map(({ opened }) => opened))
  }
  await sleep(1_000)
  return {
    states: () => sockets.map(({ socket, line }) => (socket.destroyed ? `${line}, closed` : line)),
    close: () => {
      for (const { socket } of sockets) socket.destroy()
    },
  }
}

function openSocket(url: string, text: string) {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port) })
  const state = { socket, line: 'open', opened: once(socket, 'connect').catch(() => {}) }
  socket.on('error', () => {})
  socket.once('connect', () => socket.write(text))
  socket.once('data', (chunk: Buffer) => {
    state.line = chunk.toString('latin1').split('\r\n')[0] ?? ''
    socket.resume()
  })
  return state
}

/** Counts the sockets by state. */
export function countStates(states: string[]): string {
  const counts = new Map<string, number>()
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1)
  return [...counts].map(([state, count]) => `${state} × ${count}`).join('; ')
}
