import type { Evidence, ContinuationPair } from '../evidence/evidence.ts'
import { idsOf } from '../clients/concurrent-continuations.ts'

/**
 * What of all continuationPairs breaks their rule: each turn was taken for one of the continuations, one after the other, or, where
 * the conversation forks, side by side.
 */
export function checkRivalries({
  continuationPairs,
  asked,
}: Evidence): { task: number; what: string }[] {
  return continuationPairs.flatMap((pair) => {
    const mine = new Set(
      asked.flatMap(({ task, responseId }) => (task === pair.number ? responseId : [])),
    )
    return problemsOf(pair, mine).map((what) => ({ task: pair.number, what }))
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
    ...(ids.length > 0 ? [] : ['none of two continuations was taken']),
    ...(forks && taken.length < replies.length ? ['one of two forks was refused'] : []),
    ...(sameKey && ids.length > 1 ? ['one request under one key made two turns'] : []),
    ...(!sameKey && ids.length < taken.length ? ['two requests were told of one turn'] : []),
    ...(started === here ? [] : [`its log has ${started} turns and its clients know of ${here}`]),
    ...(run.size === turns ? [] : [`the model was asked for ${run.size} turns and not ${turns}`]),
    ...(alternate(facts.map(({ type }) => type))
      ? []
      : ['one of its turns began before the last had ended']),
    ...(final?.body['status'] === 'completed' ? [] : [`it is ${String(final?.body['status'])}`]),
    ...surprises,
  ]
}

/** A start, an end, a start, an end. A turn may be parked in between. */
function alternate(types: string[]): boolean {
  const marks = types.filter((type) => type.startsWith('turn.') && type !== 'turn.parked')
  return marks.every((type, at) => (at % 2 === 0) === (type === 'turn.started'))
}
