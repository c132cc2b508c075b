import type { AcceptedTurn } from '@longhaul/tasks'
import type { Response } from 'express'
import type { Deps } from '../../deps.ts'
import type { Dialect } from '../../dialects/dialect.ts'
import { abortOnDisconnect, isGone } from '../../http/abort-on-disconnect.ts'
import { beginLateReply } from '../../reply/late-reply.ts'
import type { Reply } from '../../route.ts'

/**
 * Replies to a request that has waited as long as it may: sends the head of the reply, and returns its body when the
 * turn has ended. An error would make clients send the request again, which starts another turn. A shutdown gives the
 * turn the time of the drain. Returns undefined if the caller has disconnected.
 */
export async function replyAfterWait(
  turn: AcceptedTurn,
  dialect: Pick<Dialect, 'late'>,
  response: Response,
  { tasks, drained }: Pick<Deps, 'tasks' | 'drained'>,
): Promise<Reply | undefined> {
  const end = beginLateReply(response)
  const result = await tasks.wait(turn, { signal: abortOnDisconnect(response, drained) })
  if (isGone(response)) return undefined
  const signal = abortOnDisconnect(response)
  const body = await dialect.late?.(turn, { ended: result !== undefined, tasks, signal })
  end()
  return body && { status: 200, large: true, owed: true, body }
}
