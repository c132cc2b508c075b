import type { Check } from '../check.ts'
import type { FinalRead, StreamEvent, Transcript } from '../evidence.ts'
import { textsIn } from '../read-exchange.ts'
import type { TaskScript } from '../script-task.ts'

/** Numbers rise, every repeat of a stream tells the same, and the whole of it is what GET says. */
export const checkStreams: Check = ({ script, client, final }) => {
  if (script.mode !== 'stream') return []
  const { transcripts } = client
  const whole = transcripts.filter(({ done }) => done)
  return [
    ...(whole.length === 0 ? ['no stream came to its end'] : []),
    ...transcripts.flatMap(({ events }) => disorder(events)),
    ...contradictions(transcripts),
    ...whole.flatMap(({ events }) => incompleteness(events, script, final)),
  ]
}

function disorder(events: StreamEvent[]): string[] {
  return events.flatMap(({ id }, at) => {
    const before = events[at - 1]?.id ?? 0
    return id > before ? [] : [`event ${id} came after event ${before}`]
  })
}

/** One number, one event, whoever sends it. */
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
  script: TaskScript,
  final: FinalRead | undefined,
): string[] {
  const of = (type: string) => events.filter((event) => event.type === type)
  const ends = events.filter(({ type }) => type === 'response.done' || type === 'response.failed')
  const calls = script.steps.flatMap((step) => step.calls).length
  const answered = of('tool.done').length + of('tool.failed').length
  const done = of('part.done').map(({ data }) => partOf(data['part']).text)
  const read = final === undefined ? done : textsIn(final.body)
  return [
    ...(events[0]?.type === 'response.started' ? [] : ['it does not begin with its start']),
    ...(ends.length === 1 && events.at(-1) === ends[0] ? [] : [`it has ${ends.length} ends`]),
    ...(of('tool.started').length === calls && answered === calls
      ? []
      : [`it tells of ${of('tool.started').length} starts and ${answered} ends of ${calls} calls`]),
    ...(JSON.stringify(done) === JSON.stringify(read) ? [] : ['its parts are not what GET says']),
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

function partOf(value: unknown): { text: string } {
  return value as { text: string }
}
