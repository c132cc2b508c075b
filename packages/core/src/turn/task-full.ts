import type { Action } from './decide.ts'
import { limits } from '../limits/limits.ts'

/** The size of a task's log. */
export type LogSize = { facts: number; bytes: number }

/** The number of facts, or bytes, from which on a task takes no further turn. */
export const fullAt = { facts: limits.facts - limits.factsReserve, bytes: limits.logBytes }

/** Why a task has no capacity for the next action of a turn; undefined when it has. */
export function whyFull({ facts, bytes }: LogSize, action: Action): string | undefined {
  if (facts + factsOf(action) >= fullAt.facts) return fullOf('facts')
  return bytes >= fullAt.bytes ? fullOf('bytes') : undefined
}

/** The error message for a task that is full. */
export function fullOf(what: 'facts' | 'bytes'): string {
  return what === 'facts'
    ? `the task is full: it may have ${limits.facts} facts (messages, steps, calls and results)`
    : `the task is full: it may hold ${limits.logBytes} bytes of messages, calls and results`
}

/** The number of facts that an action records. The few facts of a model's reply are covered by the reserve. */
function factsOf(action: Action): number {
  switch (action.type) {
    case 'RunTools':
      return 2 * action.calls.length + action.unmade.length
    case 'FetchFiles':
      return action.files.length
    case 'AskReviews':
      return action.calls.length
    case 'ExpireReviews':
      return action.reviews.length
    case 'CallModel':
    case 'TrimContext':
    case 'Park':
    case 'Finish':
      return 1
  }
}
