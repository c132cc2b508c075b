import { type Waiting, type WaitingKind, waitingSentence, waitingSentences } from '@longhaul/core'
import { z } from 'zod'
import { isoTime, time } from './reply-fields.ts'

const kinds = Object.keys(waitingSentences) as WaitingKind[]

export const WaitingFor = z.enum(kinds).meta({
  id: 'WaitingFor',
  description: kinds.map((kind) => `\`${kind}\`: ${waitingSentences[kind]}`).join(' '),
})

/** Why a turn waits. A list has only the fields that are required. */
export const WaitingReply = z
  .object({
    for: WaitingFor,
    since: time.meta({ description: 'Since when the turn waits.' }),
    starts: time.nullable().meta({
      description: 'The time before which the turn does not continue. null if it is unknown.',
    }),
    message: z.string().optional().meta({ description: 'The reason as a text for people.' }),
    ahead: z.int().optional().meta({
      description:
        'The number of turns that start before this one, among those of its fairness key.',
    }),
    limit: z.int().optional().meta({ description: 'The limit that the turn waits for.' }),
    in_use: z.int().optional().meta({ description: 'How much of the limit is in use.' }),
    held_by: z.array(z.string()).optional().meta({
      description: 'At most five tasks of the same workspace that the turn waits for.',
    }),
    also: z.array(WaitingFor).optional().meta({
      description: 'What the turn would wait for otherwise.',
    }),
  })
  .meta({ id: 'Waiting', description: 'Why a turn waits that is queued or parked.' })

type WaitingBody = z.input<typeof WaitingReply>

export function reasonBody(waiting: Waiting): WaitingBody {
  const { ahead, limit, inUse, heldBy, also = [] } = waiting
  return {
    ...briefReasonBody(waiting),
    message: waitingSentence(waiting),
    ...(ahead !== undefined && { ahead }),
    ...(limit !== undefined && { limit }),
    ...(inUse !== undefined && { in_use: inUse }),
    ...(heldBy !== undefined && { held_by: heldBy }),
    also,
  }
}

/** The form for lists. */
export function briefReasonBody({ for: kind, since, starts }: Waiting): WaitingBody {
  return {
    for: kind,
    since: isoTime(since),
    starts: starts === undefined ? null : isoTime(starts),
  }
}
