import { fail, type Result, type TaskView } from '@longhaul/core'

/** The last fact and the result of a cancelled turn, as JSON, from what its head tells of it. */
export function cancelledEnd(started: string | null): { fact: string; result: string } {
  const { fact } = fail('cancelled', 'the turn was cancelled')
  const { model } = (started === null ? { model: '' } : JSON.parse(started)) as TaskView['started']
  const { code, message, status } = fact as typeof fact & { type: 'turn.failed' }
  const result: Result = {
    model,
    text: '',
    pending: [],
    calls: [],
    failure: { code, message, status },
  }
  return { fact: JSON.stringify(fact), result: JSON.stringify(result) }
}
