import { startChild } from '@longhaul/testbed/servers'
import type { NeighbourOrder, NeighbourRecord } from './neighbour-record.ts'

type Target = Extract<NeighbourOrder, { begin: unknown }>['begin']

/** The neighbours, in a process of their own: what the attacker does to its own event loop is not measured. */
export async function startNeighbours() {
  const child = await startChild(new URL('./neighbours-main.ts', import.meta.url), {})

  async function order<T>(what: NeighbourOrder): Promise<T> {
    const answer = child.message<T>()
    child.child.send(what)
    return await answer
  }

  return {
    /** Their model vendor. */
    modelUrl: String(child.ready),
    /** Resolves when they work. */
    begin: (target: Target) => order<string>({ begin: target }),
    /** Ends their work, and tells what they saw. Their turns have so long to end. */
    end: (patienceMs: number) => order<NeighbourRecord>({ end: { patienceMs } }),
    stop: () => child.stop(),
  }
}
