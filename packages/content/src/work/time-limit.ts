import { type Budget, spending } from '@longhaul/core'
import { Script, createContext } from 'node:vm'

/**
 * Runs a function and interrupts it when it takes more processor time than this. It is the last bound for work on
 * untrusted content. Node can interrupt only scripts, so a script makes the call. Node counts wall-clock time: a run
 * that was interrupted because the process was paused, or shared its processor, begins again with a longer limit. So
 * the function must be safe to run several times. Calls cannot be nested.
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
      // The clock that interrupts and the clock that measures differ slightly.
      if (used >= milliseconds * 0.9 || tries === maxRuns) {
        throw new TookTooLong('it takes too long', { cause: error })
      }
      const share = Math.max(used / clock, 1 / 16)
      clock = (1.2 * milliseconds) / share
    }
  }
}

/** The largest number of runs. */
const maxRuns = 4

/** `within` for work that shares a budget with other work. The time is paid also when the work fails. */
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

/** The error comes from the context of the script, so it is not an instance of this context's Error. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  )
}
