import { type Budget, spending } from '@longhaul/core'
import { Script, createContext } from 'node:vm'

/**
 * Runs it, and interrupts it when it takes so many milliseconds of the processor: the last fence around code
 * that untrusted content keeps busy. Node offers this for scripts only, so a script makes the call, and
 * it watches the clock: a run that was interrupted since the process stood still, or had to share its
 * processor, begins again and has as much more of the clock. So it must be fit to run several times. Not for use within
 * itself.
 */
export function within<T>(milliseconds: number, run: () => T): T {
  let clock = milliseconds
  for (let tries = 1; ; tries += 1) {
    const startedAt = process.threadCpuUsage()
    try {
      return interruptedAfter(Math.ceil(clock), run)
    } catch (error) {
      if (!isTimeout(error)) throw error
      const { user, system } = process.threadCpuUsage(startedAt)
      const used = (user + system) / 1_000
      // The clock that interrupts and the one that counts do not agree to the last millisecond.
      if (used >= milliseconds * 0.9 || tries === most) {
        throw new TookTooLong('it takes too long', { cause: error })
      }
      const share = Math.max(used / clock, 1 / 16)
      clock = (1.2 * milliseconds) / share
    }
  }
}

/** How often it begins. */
const most = 4

/** The same for work that shares a budget with other work: the time that it took is paid whatever comes of it. */
export function withinBudget<T>(
  budget: Budget,
  work: (left: Budget) => T,
  longest = budget.milliseconds,
): T {
  const startedAt = process.threadCpuUsage()
  try {
    if (budget.milliseconds <= 0) throw new TookTooLong('no time is left')
    const milliseconds = Math.ceil(Math.min(longest, budget.milliseconds))
    const run = () => spending(budget, work)
    return budget.byClock === true
      ? interruptedInTime(milliseconds, run)
      : within(milliseconds, run)
  } finally {
    const { user, system } = process.threadCpuUsage(startedAt)
    budget.milliseconds -= (user + system) / 1_000
  }
}

function interruptedInTime<T>(milliseconds: number, run: () => T): T {
  try {
    return interruptedAfter(milliseconds, run)
  } catch (error) {
    throw isTimeout(error) ? new TookTooLong('it takes too long', { cause: error }) : error
  }
}

export class TookTooLong extends Error {
  override readonly name = 'TookTooLong'
}

function interruptedAfter<T>(milliseconds: number, run: () => T): T {
  let result: { value: T } | undefined
  guard.run = () => {
    result = { value: run() }
  }
  try {
    call.runInContext(guard, { timeout: milliseconds })
  } finally {
    guard.run = undefined
  }
  if (result === undefined) throw new Error('it did not finish')
  return result.value
}

const guard: { run?: (() => void) | undefined } = createContext({})
const call = new Script('run()')

/** Not an instance of our Error: it comes from the script's world. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  )
}
