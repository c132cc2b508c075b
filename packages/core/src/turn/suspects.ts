import { limits } from '../limits/limits.ts'

/**
 * Worker processes that died, in a row, while they ran a turn: all since its last fact, those of them after streamed
 * output, and those that ran nothing else. A process whose event loop stood still for too long counts as one that died.
 */
export type CrashCounts = { deaths: number; streamed: number; alone: number }

/** Whether a turn may be what kills its workers. Until that is known it runs in a process of its own. */
export function isSuspect({
  deaths: crashes,
  streamed,
}: Pick<CrashCounts, 'deaths' | 'streamed'>): boolean {
  return crashes - Math.min(streamed, limits.blame.streamed) >= limits.blame.suspect
}

/** Whether it is known: so many processes died that ran nothing else. */
export function isCondemned({ alone }: Pick<CrashCounts, 'alone'>): boolean {
  return alone >= limits.blame.alone
}

/** Whether even its end must be made without a look at its facts: a process that looked at them died of that. */
export function isUntouchable({ alone }: Pick<CrashCounts, 'alone'>): boolean {
  return alone > limits.blame.alone
}

/** How long a suspect rests after its latest death, so that one that never dies alone does little harm, milliseconds. */
export function restAfter({
  deaths: crashes,
  alone,
}: Pick<CrashCounts, 'deaths' | 'alone'>): number {
  const { after, first, longest } = limits.suspects.rest
  const beyond = crashes - alone - after
  return beyond < 0 ? 0 : Math.min(longest, first * 2 ** beyond)
}

/** What the process of a suspect runs. */
export type RunningSuspect = { workspace: string; taskId: string }

/** Whether a worker may start one more process for a suspect beside those that it has. */
export function hasSuspectSlot(running: readonly RunningSuspect[], next: RunningSuspect): boolean {
  const { atOnce, perWorkspace } = limits.suspects
  const own = running.filter(({ workspace }) => workspace === next.workspace).length
  // One that has lost its turn may have yet to say why.
  const isHere = running.some(({ taskId }) => taskId === next.taskId)
  return running.length < atOnce && own < perWorkspace && !isHere
}

/**
 * Whether an event loop stood still because of what ran in it: for half of the lock, and with a processor for a tenth
 * of that. One that was frozen, or waited for a processor, used none.
 */
export function wasBlocked(
  { gapMs, cpuMs }: { gapMs: number; cpuMs: number },
  lockMs: number,
): boolean {
  return gapMs >= lockMs / 2 && cpuMs >= gapMs / 10
}
