import { startChild } from '@longhaul/testbed/servers'
import type { VictimOrder, VictimRecord } from './victim-record.ts'

type Target = Extract<VictimOrder, { begin: unknown }>['begin']

/** The victims, in a process of their own: what the attacker does to its own event loop is not measured. */
export async function startVictims() {
  const child = await startChild(new URL('./victims-main.ts', import.meta.url), {})

  async function order<T>(what: VictimOrder): Promise<T> {
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
    end: (patienceMs: number) => order<VictimRecord>({ end: { patienceMs } }),
    stop: () => child.stop(),
  }
}
