import { eventPatterns, limits } from '@longhaul/core'
import { z } from 'zod'
import { first, line } from '../dialects/shared/request-fields.ts'

const { endpoints: _, ...bounds } = limits.webhooks

/** The fields of an endpoint that both wires have, in requests. */
export const webhookUrl = z
  .string()
  .min(1)
  .max(bounds.url, first)
  .meta({
    description:
      'Where events are sent: an address with https, which leads to a public host or to one that the operator allows.',
    examples: ['https://shop.example/events'],
  })

export const webhookName = line.min(1).max(bounds.name).meta({ description: 'A name for people.' })

export const webhookEvents = z
  .array(z.enum(eventPatterns as [string, ...string[]]))
  .min(1)
  .max(bounds.events)
  .meta({
    description: 'Types of events, or patterns: all types of a family (`response.*`), or `*`.',
    examples: [['response.completed', 'response.failed']],
  })

export const webhookSecret = z
  .string()
  .min(8)
  .max(bounds.secret, first)
  .regex(/^[\x21-\x7e]+$/, { error: 'must be visible ASCII characters' })
  .meta({
    description:
      'The secret that signs events. One of the form `whsec_…` makes the headers of Standard Webhooks, too.',
    examples: ['a-secret-of-yours'],
  })

export const webhookInclude = z
  .array(z.enum(['output']))
  .max(1)
  .optional()
  .meta({ description: 'With `output`, events have the text of the answer, as `output_text`.' })

/** A whole number in a query. Some clients write 2 as 2.0. */
export function wholeNumber(most: number) {
  const range = `must be a whole number from 1 to ${most}`
  return z.preprocess(
    (text) => (/^\d{1,9}(\.0*)?$/.test(String(text)) ? Number(text) : text),
    z.int(range).min(1, range).max(most, range),
  )
}
