import { type Budget, spending } from '@longhaul/core'
import { Script, createContext } from 'node:vm'

/**
 * Runs it, and interrupts it when it takes so many milliseconds of the processor: the last fence around code
 * that untrusted content keeps busy. Node offers this for scripts only, so a script makes the call, and
 * it watches the clock: a run that was interrupted since the process stood still, or had to share its
 * processor, begins again. So it must be fit to run twice. Not for use within itself.
 */
export function within<T>(milliseconds: number, run: () => T): T {
  let left = milliseconds
  for (;;) {
    const startedAt = process.threadCpuUsage()
    try {
      return interruptedAfter(milliseconds, run)
    } catch (error) {
      if (!isTimeout(error)) throw error
      const { user, system } = process.threadCpuUsage(startedAt)
      // At least a little, so that it comes to an end wherever no time is told.
      left -= Math.max((user + system) / 1_000, milliseconds / 20)
      // The clock that interrupts and the one that counts do not agree to the last millisecond.
      if (left <= milliseconds / 10) throw new TookTooLong('it takes too long', { cause: error })
    }
  }
}

/** The same for work that shares a budget with other work: the time that it took is paid whatever comes of it. */
export function withinBudget<T>(
  budget: Budget,
  work: (left: Budget) => T,
  most = budget.milliseconds,
): T {
  const startedAt = process.threadCpuUsage()
  try {
    if (budget.milliseconds <= 0) throw new TookTooLong('no time is left')
    return within(Math.ceil(Math.min(most, budget.milliseconds)), () => spending(budget, work))
  } finally {
    const { user, system } = process.threadCpuUsage(startedAt)
    budget.milliseconds -= (user + system) / 1_000
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
