import type { Action } from './decide.ts'
import { limits } from '../limits/limits.ts'

/** How much a task has recorded. */
export type LogSize = { facts: number; bytes: number }

/** From how many facts, or bytes of them, on a task takes no further turn. */
export const fullAt = { facts: limits.facts - limits.factsReserve, bytes: limits.logBytes }

/** Why a task is too full for what a turn does next; undefined when it is not. */
export function whyFull({ facts, bytes }: LogSize, action: Action): string | undefined {
  if (facts + factsOf(action) >= fullAt.facts) return fullOf('facts')
  return bytes >= fullAt.bytes ? fullOf('bytes') : undefined
}

/** The error of a task that is full. */
export function fullOf(what: 'facts' | 'bytes'): string {
  return what === 'facts'
    ? `the task is full: it may have ${limits.facts} facts (messages, steps, calls and results)`
    : `the task is full: it may hold ${limits.logBytes} bytes of messages, calls and results`
}

/** How many facts an action records; a model's reply has a few, which the reserve holds. */
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
