import { type FactType, NewFact } from '@longhaul/core'
import { z } from 'zod'
import { pageReply } from '../../shared/page.ts'
import { time } from '../../shared/reply-fields.ts'
import { logEntries } from './log-entry.ts'

const first: FactType = 'turn.started'
const others = NewFact.options.map(({ shape }) => shape.type.value).filter((type) => type !== first)

const LogEntry = z.discriminatedUnion('type', [entryOf(first), ...others.map(entryOf)]).meta({
  id: 'LogEntry',
  description: 'A fact of a task. Facts never change.',
})

export const LogReply = pageReply(LogEntry)

function entryOf(type: FactType) {
  const { description, fields } = logEntries[type]
  const name = type.replaceAll(/(?:^|\.)(\w)/g, (_, letter: string) => letter.toUpperCase())
  return z
    .object({
      id: z.int().meta({ description: "The id of the fact's event in a stream of the task." }),
      number: z.int().meta({ description: 'The index of the fact in the log, from 0.' }),
      type: z.literal(type),
      at: time,
      turn: z.int(),
      response_id: z.string(),
      ...fields,
    })
    .meta({ id: `${name}Entry`, description })
}
