import type { Check } from './check-function.ts'

/** One request makes one task, however often the client repeats it, and the task ends. */
export const checkAcceptance: Check = ({ script, client, final }, { asked }) => {
  const { ids, endedAt, surprises } = client
  const known = new Set(ids.map(({ responseId }) => responseId))
  const strangers = new Set(
    asked.flatMap(({ task, responseId }) =>
      task === script.number && !known.has(responseId) ? responseId : [],
    ),
  )
  return [
    ...(ids.length === 0 ? ['it was never accepted'] : []),
    ...(ids.length > 1 ? [`one request was given ${ids.length} turns`] : []),
    ...[...strangers].map((id) => `its client does not know the turn ${id} that was run for it`),
    ...(endedAt === undefined ? ['its client never heard of its end'] : []),
    ...(final?.status === 200 ? [] : [`GET answered ${final?.status ?? 'nothing'} in the end`]),
    ...surprises.map((text) => `its client was told ${text}`),
  ]
}
