import type { FlakyProxy } from '@longhaul/testbed/servers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChaosCluster, ChaosProcess } from '../cluster/chaos-cluster.ts'
import type { Target } from './pick-target.ts'

/** A fault that is to be performed: where, on whom, and for how long. */
export type Break = Target & { cluster: ChaosCluster; ms: number }

/** Breaks something and mends it. Brings the names of those it has hit, where they were not told before. */
export type FaultAction = (given: Break) => Promise<string[] | void>

/** Everybody who has a line to Redis. */
export function everyProcessOf({ workers, apis }: ChaosCluster): ChaosProcess[] {
  return [...workers, ...apis]
}

/** Nothing else is done meanwhile to whom this is done to. */
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

/** Lets lines be silent in both directions for a while; those that were open then stay so for ever. */
export async function cutOff(line: FlakyProxy, ms: number): Promise<void> {
  line.swallow(true)
  await sleep(ms)
  line.swallow(false)
}

/** Ends lines, and lets nobody open a new one for a while. */
export async function refuse(line: FlakyProxy, ms: number): Promise<void> {
  await line.refuse(true)
  await sleep(ms)
  await line.refuse(false)
}

/** Lets the lines that are open now be silent for ever, and new ones work. */
export function leaveHalfOpen(line: FlakyProxy): void {
  line.swallow(true)
  line.swallow(false)
}

/** What is asked is done, and the reply is lost. */
export async function loseReplies(lines: FlakyProxy[], ms: number): Promise<void> {
  for (const line of lines) line.swallowReplies(true)
  await sleep(ms)
  for (const line of lines) line.swallowReplies(false)
}

export async function slowDown(lines: FlakyProxy[], ms: number): Promise<void> {
  for (const line of lines) line.delay(() => 20 + Math.random() * 120)
  await sleep(ms)
  for (const line of lines) line.delay(() => 0)
}
