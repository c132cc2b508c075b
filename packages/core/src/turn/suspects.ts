import { limits } from '../limits/limits.ts'

/**
 * Consecutive worker processes that died while they ran a turn: all since its last fact, those of them after streamed
 * output, and those that ran nothing else. A process whose event loop was blocked for too long counts as dead.
 */
export type CrashCounts = { deaths: number; streamed: number; alone: number }

/** Whether a turn may be the cause of its workers' crashes. Until that is known, it runs in a process of its own. */
export function isSuspect({
  deaths: crashes,
  streamed,
}: Pick<CrashCounts, 'deaths' | 'streamed'>): boolean {
  return crashes - Math.min(streamed, limits.blame.streamed) >= limits.blame.suspect
}

/** Whether the turn is known to be the cause: enough processes that ran nothing else have died. */
export function isCondemned({ alone }: Pick<CrashCounts, 'alone'>): boolean {
  return alone >= limits.blame.alone
}

/** Whether the turn must be ended without reading its facts, because a process that read them died of it. */
export function isUntouchable({ alone }: Pick<CrashCounts, 'alone'>): boolean {
  return alone > limits.blame.alone
}

/**
 * How long a suspect waits after its latest crash, milliseconds, so that a turn that never crashes a process alone does
 * little harm.
 */
export function restAfter({
  deaths: crashes,
  alone,
}: Pick<CrashCounts, 'deaths' | 'alone'>): number {
  const { after, first, longest } = limits.suspects.rest
  const beyond = crashes - alone - after
  return beyond < 0 ? 0 : Math.min(longest, first * 2 ** beyond)
}

/** The suspect that a process runs. */
export type RunningSuspect = { workspace: string; taskId: string }

/** Whether a worker may start one more process for a suspect in addition to the running ones. */
export function hasSuspectSlot(running: readonly RunningSuspect[], next: RunningSuspect): boolean {
  const { atOnce, perWorkspace } = limits.suspects
  const own = running.filter(({ workspace }) => workspace === next.workspace).length
  // A process that has lost its turn may still have to report why.
  const isHere = running.some(({ taskId }) => taskId === next.taskId)
  return running.length < atOnce && own < perWorkspace && !isHere
}

/**
 * Whether the code in an event loop blocked it: for half of the lock, and with CPU time of a tenth of that. A process
 * that was frozen, or that waited for a CPU, used none.
 */
export function wasBlocked(
  { gapMs, cpuMs }: { gapMs: number; cpuMs: number },
  lockMs: number,
): boolean {
  return isLongGap(gapMs, lockMs) && cpuMs >= gapMs / 10
}

/** Whether an event loop that did nothing for this long may have been blocked. */
export function isLongGap(gapMs: number, lockMs: number): boolean {
  return gapMs >= lockMs / 2
}
