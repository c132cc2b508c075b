import type { Deps } from '../../../deps.ts'
import type { Call, Reply } from '../../../route.ts'
import { holdWhileWaiting } from '../../../http/hold-open.ts'
import { waitMsOf } from '../../../request/wait-query.ts'
import type { Named } from '../../dialect.ts'
import { taskBody } from './response-body.ts'

/** Cancels a turn. Replies 200 with the task if the turn has ended, else 202. */
export async function cancelTask(
  named: Named,
  { query, response }: Call,
  deps: Deps,
): Promise<Reply> {
  const waitMs = waitMsOf(query)
  const options = { waitMs, signal: holdWhileWaiting(waitMs, response, deps) }
  const { view, ended } = await deps.tasks.cancel(named, options)
  return { status: ended ? 200 : 202, body: taskBody(view) }
}
