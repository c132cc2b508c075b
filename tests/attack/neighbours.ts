import { startChild } from '@longhaul/testbed/servers'
import type { NeighbourOrder, NeighbourRecord } from './neighbour-record.ts'

type Target = Extract<NeighbourOrder, { begin: unknown }>['begin']

/** Starts the neighbours in a process of their own, so that a busy event loop of the attacker does not distort times. */
export async function startNeighbours() {
  const child = await startChild(new URL('./neighbours-main.ts', import.meta.url), {})

  async function order<T>(what: NeighbourOrder): Promise<T> {
    const answer = child.message<T>()
    child.child.send(what)
    return await answer
  }

  return {
    /** The URL of their model vendor. */
    modelUrl: String(child.ready),
    /** Starts their work. Resolves when it has begun. */
    begin: (target: Target) => order<string>({ begin: target }),
    /** Ends their work, and resolves with what they saw. Their turns have `patienceMs` to end. */
    end: (patienceMs: number) => order<NeighbourRecord>({ end: { patienceMs } }),
    stop: () => child.stop(),
  }
}
