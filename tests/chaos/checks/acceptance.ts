import { parseResponseId } from '@longhaul/core'
import { lossOfTask, lostStart } from '../evidence/loss-of-task.ts'
import type { Check } from './check-function.ts'

/**
 * One request makes one task, however often the client repeats it, and the task ends. A request whose key or whose task a
 * failover has lost makes another one.
 */
export const checkAcceptance: Check = ({ script, client, final }, evidence) => {
  const { ids, endedAt, surprises } = client
  const known = new Set(ids.map(({ responseId }) => responseId))
  const isUnbound = lossOfTask(client, evidence)?.isUnbound === true
  const isLost = (taskId: string) => isUnbound || lostStart(taskId, evidence)
  const strangers = new Set(
    evidence.asked.flatMap(({ task, responseId }) =>
      task === script.number && !known.has(responseId) ? responseId : [],
    ),
  )
  const former = ids.slice(0, -1).filter(({ taskId }) => !isLost(taskId))
  const wasLost = ids.some(({ taskId }) => isLost(taskId))
  const isGone = final?.status === 404 && isLost(ids.at(-1)?.taskId ?? '')
  return [
    ...(ids.length === 0 ? ['it was never accepted'] : []),
    ...(former.length > 0 ? [`one request was given ${1 + former.length} turns`] : []),
    ...[...strangers]
      .filter((id) => !isLost(parseResponseId(id)?.taskId ?? ''))
      .map((id) => `its client does not know the turn ${id} that was run for it`),
    ...(endedAt === undefined ? ['its client never heard of its end'] : []),
    ...(final?.status === 200 || isGone
      ? []
      : [
          `GET answered ${final?.status ?? 'nothing'} in the end: ${String(final?.body['message'])}`,
        ]),
    ...surprises
      .filter((text) => !(wasLost && isOfMissing.test(text)))
      .map((text) => `its client was told ${text}`),
  ]
}

const isOfMissing = /^[A-Za-z ]+ 404: /
