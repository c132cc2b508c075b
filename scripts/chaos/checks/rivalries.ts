import type { Evidence, RivalryEvidence } from '../evidence.ts'

/** What of all rivalries breaks their rule: each turn was taken for one of the rivals, one after the other. */
export function checkRivalries({ rivalries, asked }: Evidence): { task: number; what: string }[] {
  return rivalries.flatMap((rivalry) => {
    const mine = new Set(
      asked.flatMap(({ task, responseId }) => (task === rivalry.number ? responseId : [])),
    )
    return problemsOf(rivalry, mine).map((what) => ({ task: rivalry.number, what }))
  })
}

function problemsOf(rivalry: RivalryEvidence, run: Set<string>): string[] {
  const { replies, sameKey, final, surprises } = rivalry
  const taken = replies.filter(({ status }) => status === 200)
  const ids = new Set(taken.map(({ body }) => String(body['_id'])))
  const facts = final?.facts ?? []
  const started = facts.filter(({ type }) => type === 'turn.started').length
  const turns = 1 + ids.size
  return [
    ...(replies.length === 2 ? [] : [`${2 - replies.length} rivals were never answered`]),
    ...(ids.size > 0 ? [] : ['none of two rivals was taken']),
    ...(sameKey && ids.size > 1 ? ['one request under one key made two turns'] : []),
    ...(!sameKey && ids.size < taken.length ? ['two requests were told of one turn'] : []),
    ...(started === turns ? [] : [`its log has ${started} turns and its clients know of ${turns}`]),
    ...(run.size === turns ? [] : [`the model was asked for ${run.size} turns and not ${turns}`]),
    ...(alternate(facts.map(({ type }) => type))
      ? []
      : ['one of its turns began before the last had ended']),
    ...(final?.body['status'] === 'completed' ? [] : [`it is ${String(final?.body['status'])}`]),
    ...surprises,
  ]
}

/** A start, an end, a start, an end. */
function alternate(types: string[]): boolean {
  const marks = types.filter((type) => type.startsWith('turn.'))
  return marks.every((type, at) => (at % 2 === 0) === (type === 'turn.started'))
}
