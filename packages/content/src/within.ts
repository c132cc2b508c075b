import { Script, createContext } from 'node:vm'

/**
 * Runs it, and interrupts it when it takes too long: the last fence around code that untrusted content keeps
 * busy. Node offers this for scripts only, so a script makes the call. Not for use within itself.
 */
export function within<T>(milliseconds: number, run: () => T): T {
  let result: { value: T } | undefined
  guard.run = () => {
    result = { value: run() }
  }
  try {
    call.runInContext(guard, { timeout: milliseconds })
  } catch (error) {
    if (isTimeout(error)) throw new TookTooLong('it takes too long', { cause: error })
    throw error
  } finally {
    guard.run = undefined
  }
  if (result === undefined) throw new Error('it did not finish')
  return result.value
}

export class TookTooLong extends Error {
  override readonly name = 'TookTooLong'
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
