import type { Check } from './check-function.ts'
import type { FinalRead, StreamEvent, Transcript } from '../evidence/evidence.ts'
import { lossOfTask } from '../evidence/loss-of-task.ts'
import { type Expected, expectedOf } from '../evidence/expected.ts'
import { textsIn } from '../evidence/read-exchange.ts'

/** Numbers rise, every repeat of a stream has the same events, and a complete stream agrees with GET. */
export const checkStreams: Check = (task, evidence) => {
  const { script, client, final } = task
  // After a loss, the numbers of lost events are given to others.
  if (script.mode !== 'stream' || lossOfTask(client, evidence) !== undefined) return []
  const { transcripts } = client
  const whole = transcripts.filter(({ done }) => done)
  const expected = expectedOf(task, evidence)
  return [
    ...(whole.length === 0 ? ['no stream came to its end'] : []),
    ...transcripts.flatMap(({ events }) => disorder(events)),
    ...contradictions(transcripts),
    ...whole.flatMap(({ events }) => incompleteness(events, expected, final)),
  ]
}

function disorder(events: StreamEvent[]): string[] {
  return events.flatMap(({ id }, at) => {
    const before = events[at - 1]?.id ?? 0
    return id > before ? [] : [`event ${id} came after event ${before}`]
  })
}

/** Events with the same number must be equal, whichever API sends them. */
function contradictions(transcripts: Transcript[]): string[] {
  const known = new Map<number, string>()
  return transcripts.flatMap(({ events }) =>
    events.flatMap((event) => {
      const text = JSON.stringify(event)
      const earlier = known.get(event.id) ?? text
      known.set(event.id, text)
      return earlier === text ? [] : [`event ${event.id} was ${earlier} and then ${text}`]
    }),
  )
}

function incompleteness(
  events: StreamEvent[],
  { outcome, calls, openCalls }: Expected,
  final: FinalRead | undefined,
): string[] {
  const of = (type: string) => events.filter((event) => event.type === type)
  const ends = events.filter(({ type }) => type === 'response.done' || type === 'response.failed')
  const end = outcome.status === 'completed' ? 'response.done' : 'response.failed'
  const begun = of('tool.started').length
  const answered = of('tool.done').length + of('tool.failed').length
  const least = calls.length
  const most = least + openCalls.length
  const done = of('part.done').map(({ data }) => partOf(data['part']).text)
  const read = final === undefined ? done : textsIn(final.body)
  return [
    ...(events[0]?.type === 'response.started' ? [] : ['it does not begin with its start']),
    ...(ends.length === 1 && events.at(-1)?.type === end
      ? []
      : [`it ends with ${ends.map(({ type }) => type).join(' and ') || 'nothing'}`]),
    ...(least <= answered && answered <= begun && begun <= most
      ? []
      : [`it has ${begun} starts and ${answered} ends of ${least} to ${most} calls`]),
    ...(JSON.stringify(done) === JSON.stringify(read)
      ? []
      : ['its parts differ from those of GET']),
    ...strays(events, final),
    ...of('part.done').flatMap(({ data }) => {
      const pieces = of('part.delta').filter((delta) => delta.data['partId'] === data['partId'])
      const streamed = pieces.map((piece) => partOf(piece.data['delta']).text).join('')
      const { text } = partOf(data['part'])
      return streamed === text
        ? []
        : [`of ${JSON.stringify(text)} came ${JSON.stringify(streamed)}`]
    }),
  ]
}

/** A streamed part is finished, or the log records that it was abandoned. */
function strays(events: StreamEvent[], final: FinalRead | undefined): string[] {
  if (final === undefined) return []
  const partsIn = (type: string) =>
    events.flatMap((event) => (event.type === type ? String(event.data['partId']) : []))
  const abandoned = final.facts.flatMap(({ parts = [] }) => parts.map(({ partId }) => partId))
  const known = new Set([...partsIn('part.done'), ...abandoned])
  return [...new Set(partsIn('part.delta'))].flatMap((partId) =>
    known.has(partId) ? [] : [`${partId} was neither finished nor abandoned`],
  )
}

function partOf(value: unknown): { text: string } {
  return value as { text: string }
}
