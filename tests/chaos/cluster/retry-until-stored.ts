import { setTimeout as sleep } from 'node:timers/promises'

/** Repeats an operation on the control connection, which may also be broken by a fault. */
export async function retryUntilStored(act: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await act()
      return
    } catch (error) {
      if (tries === 150) throw error
      await sleep(100)
    }
  }
}
