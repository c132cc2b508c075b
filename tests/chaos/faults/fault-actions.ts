import type { RedisProxies } from '../store/redis-proxies.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChaosCluster, ChaosProcess } from '../cluster/chaos-cluster.ts'
import type { Target } from './pick-target.ts'

/** A proxy, or several as one. */
type Line = RedisProxies['proxy']

/** A fault to perform: in which cluster, on which process, and for how long. `share` is a random number from 0 to 1. */
export type Break = Target & { cluster: ChaosCluster; ms: number; share: number }

/** Performs and ends a fault. Resolves with the names of the processes that it hit, if the order did not name them. */
export type FaultAction = (given: Break) => Promise<string[] | void>

/** All processes with a connection to Redis. */
export function everyProcessOf({ workers, apis }: ChaosCluster): ChaosProcess[] {
  return [...workers, ...apis]
}

/** Keeps other faults away from a process while a fault is performed on it. */
export async function whileAway<T>(
  member: ChaosProcess | undefined,
  act: (member: ChaosProcess) => Promise<T>,
) {
  if (member === undefined) return
  member.away = true
  try {
    await act(member)
  } finally {
    member.away = false
  }
}

/** Makes connections silent in both directions for a while. Those that are open then stay silent for ever. */
export async function cutOff(line: Line, ms: number): Promise<void> {
  line.swallow(true)
  await sleep(ms)
  line.swallow(false)
}

/** Ends connections, and refuses new ones for a while. */
export async function refuse(line: Line, ms: number): Promise<void> {
  await line.refuse(true)
  await sleep(ms)
  await line.refuse(false)
}

/** Makes the connections that are open now silent for ever. New ones work. */
export function leaveHalfOpen(line: Line): void {
  line.swallow(true)
  line.swallow(false)
}

/** Requests take effect, but their replies are lost. */
export async function loseReplies(lines: Line[], ms: number): Promise<void> {
  for (const line of lines) line.swallowReplies(true)
  await sleep(ms)
  for (const line of lines) line.swallowReplies(false)
}

export async function slowDown(lines: Line[], ms: number): Promise<void> {
  for (const line of lines) line.delay(() => 20 + Math.random() * 120)
  await sleep(ms)
  for (const line of lines) line.delay(() => 0)
}
