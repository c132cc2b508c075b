import type { FlakyProxy } from '@longhaul/testing/servers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { House, Member } from '../cluster/chaos-cluster.ts'
import type { Victim } from './pick-target.ts'

/** A fault that is to be performed: where, on whom, and for how long. */
export type Break = Victim & { house: House; ms: number }

/** Breaks something and mends it. Brings the names of those it has hit, where they were not told before. */
export type Performance = (given: Break) => Promise<string[] | void>

/** Everybody who has a line to Redis. */
export function membersOf({ workers, apis }: House): Member[] {
  return [...workers, ...apis]
}

/** Nothing else is done meanwhile to whom this is done to. */
export async function whileAway<T>(
  member: Member | undefined,
  act: (member: Member) => Promise<T>,
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
export function deaden(line: FlakyProxy): void {
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
