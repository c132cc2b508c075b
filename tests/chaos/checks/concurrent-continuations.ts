import type { Evidence, ContinuationPair } from '../evidence/evidence.ts'
import { parseResponseId } from '@longhaul/core'
import { lossOfTask } from '../evidence/loss-of-task.ts'
import { idsOf } from '../clients/concurrent-continuations.ts'

/**
 * Checks pairs of concurrent continuations: each accepted continuation has a turn of its own. The turns run one after the
 * other, or side by side where the conversation forks.
 */
export function checkRivalries(evidence: Evidence): { task: number; what: string }[] {
  const { continuationPairs, asked } = evidence
  return continuationPairs.flatMap((pair) => {
    if (hasLost(pair, evidence)) return []
    const responses = new Set(
      asked.flatMap(({ task, responseId }) => (task === pair.number ? responseId : [])),
    )
    return problemsOf(pair, responses).map((what) => ({ task: pair.number, what }))
  })
}

function problemsOf(pair: ContinuationPair, run: Set<string>): string[] {
  const { taskId, replies, sameKey, forks, final, surprises } = pair
  const taken = replies.filter(({ status }) => status === 200)
  const ids = idsOf(replies)
  const facts = final?.facts ?? []
  const started = facts.filter(({ type }) => type === 'turn.started').length
  const turns = 1 + ids.length
  const here = 1 + ids.filter((id) => id.includes(taskId)).length
  return [
    ...(replies.length === 2 ? [] : [`${2 - replies.length} continuations were never answered`]),
    ...(ids.length > 0 ? [] : ['neither of two continuations was accepted']),
    ...(forks && taken.length < replies.length ? ['one of two forks was refused'] : []),
    ...(sameKey && ids.length > 1 ? ['one request under one key made two turns'] : []),
    ...(!sameKey && ids.length < taken.length ? ['two requests received the same turn'] : []),
    ...(started === here ? [] : [`its log has ${started} turns and its clients know ${here}`]),
    ...(run.size === turns ? [] : [`the model was asked for ${run.size} turns and not ${turns}`]),
    ...(alternate(facts.map(({ type }) => type))
      ? []
      : ['one of its turns began before the last had ended']),
    ...(final?.body['status'] === 'completed' ? [] : [`it is ${String(final?.body['status'])}`]),
    ...surprises,
  ]
}

/** Whether a failover has lost something of its tasks or its requests. */
function hasLost({ taskId, replies, requestHashes = [] }: ContinuationPair, evidence: Evidence) {
  const ids = [taskId, ...idsOf(replies).map((id) => parseResponseId(id)?.taskId ?? '')].map(
    (id) => ({ taskId: id, responseId: '' }),
  )
  return ['', ...requestHashes].some((requestHash) => lossOfTask({ ids, requestHash }, evidence))
}

/** Whether starts and ends alternate. A turn may be parked in between. */
function alternate(types: string[]): boolean {
  const marks = types.filter((type) => type.startsWith('turn.') && type !== 'turn.parked')
  return marks.every((type, at) => (at % 2 === 0) === (type === 'turn.started'))
}
