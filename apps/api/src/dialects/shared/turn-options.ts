import { hash } from 'node:crypto'
import {
  isFairnessKey,
  limits,
  parseIsoDuration,
  parseStartTime,
  type Priority,
  type StartTime,
} from '@longhaul/core'
import type { TurnRequest } from '@longhaul/tasks'
import { z } from 'zod'
import { defined } from './defined.ts'
import { line } from './request-fields.ts'

const priorityProblem = 'must be 1, 2, 3, 4 or 5; 1 starts first'
const startProblem =
  'must be a time with its zone, such as 2030-01-31T09:00:00Z, or a duration, such as PT10M, of at most 90 days'
const expiryProblem = 'must be a duration from 1 second to 90 days, such as PT5M'

export const priority = z.literal([1, 2, 3, 4, 5], { error: priorityProblem }).meta({
  description:
    'How soon the turn starts among the turns of its fairness key, 1 first. A turn of a lower priority passes newer turns after some time, so every turn starts. Default: 3.',
})
export const fairnessKey = line
  .refine(isFairnessKey, { error: `must have 1 to ${limits.fairnessKey} bytes` })
  .meta({
    description:
      'An end user, a customer or a thread. The fairness keys of a workspace share its slots fairly.',
    examples: ['user-7'],
  })
export const startAt = z
  .string()
  .refine((text) => parseStartTime(text) !== undefined, { error: startProblem })
  .meta({
    description:
      'When the turn starts: a time with its zone, or a duration of ISO 8601 from now on. At most 90 days ahead. A time in the past is now.',
    examples: ['PT0.1S'],
  })
export const expiresIn = z
  .string()
  .refine((text) => expiryOf(text) !== undefined, { error: expiryProblem })
  .meta({
    description:
      'How long the turn may wait for a free worker, from its start time on: a duration of ISO 8601. After that it fails with `expired`, and nothing was called.',
    examples: ['PT5M'],
  })

export const webhook = line
  .min(1)
  .max(limits.webhooks.url)
  .meta({
    description:
      'What is notified of this turn besides the other endpoints: the id of an endpoint, or a URL with https. The events of a URL are not signed.',
    examples: ['https://shop.example/events'],
  })

/** The object `longhaul` of a request. */
export const TurnOptions = z
  .object({
    priority: priority.nullish(),
    fairness_key: fairnessKey.nullish(),
    start_at: startAt.nullish(),
    expires_in: expiresIn.nullish(),
    webhook: webhook.nullish(),
  })
  .meta({
    id: 'TurnOptions',
    description: 'When the turn starts. Each field can also be sent as a header.',
  })
export type TurnOptions = z.output<typeof TurnOptions>

const headerForms = {
  'Longhaul-Priority': z.string().regex(/^[1-5]$/, priorityProblem),
  'Longhaul-Fairness-Key': z
    .string()
    .regex(
      /^[\x21-\x7e]{1,64}$/,
      `must be 1 to ${limits.fairnessKey} visible ASCII characters, sent once; the field longhaul.fairness_key takes others`,
    ),
  'Longhaul-Start-At': startAt,
  'Longhaul-Expires-In': expiresIn,
  'Longhaul-Webhook': webhook,
} as const

const fieldOf = {
  'Longhaul-Priority': 'priority',
  'Longhaul-Fairness-Key': 'fairness_key',
  'Longhaul-Start-At': 'start_at',
  'Longhaul-Expires-In': 'expires_in',
  'Longhaul-Webhook': 'webhook',
} as const

export const optionHeaders = Object.keys(headerForms) as (keyof typeof headerForms)[]

/** The headers in the OpenAPI document. */
export const OptionHeaders = z.object(
  Object.fromEntries(
    optionHeaders.map((name) => [
      name,
      headerForms[name].optional().meta({
        description: `The same as \`longhaul.${fieldOf[name]}\`, which takes precedence.`,
      }),
    ]),
  ) as { [N in keyof typeof headerForms]: z.ZodOptional<(typeof headerForms)[N]> },
)

/** The headers of a request that set options, by their names; undefined when there are none. */
export function optionHeadersOf(
  headers: Record<string, string | string[] | undefined>,
): Record<string, string> | undefined {
  let sent: Record<string, string> | undefined
  for (const [name, received] of receivedNames) {
    const value = headers[received]
    if (value === undefined) continue
    sent ??= {}
    sent[name] = String(value)
  }
  return sent
}

/** The headers, and their names in a request. */
const receivedNames = optionHeaders.map((name) => [name, name.toLowerCase()] as const)

type Options = Pick<
  TurnRequest,
  'priority' | 'fairnessKey' | 'startAt' | 'startInMs' | 'expiresInMs' | 'webhook'
>

/** Shared, because most requests have no options. */
const none: Options = {}

/** The options of a request: the fields of its body, and the headers for those that the body does not have. */
export function optionsOf(
  fields: TurnOptions | null | undefined,
  headers: z.output<typeof OptionHeaders> | undefined,
): Options {
  if (fields == null && headers === undefined) return none
  const own = fields ?? {}
  const sent = headers ?? {}
  const start = own.start_at ?? sent['Longhaul-Start-At']
  const expiry = own.expires_in ?? sent['Longhaul-Expires-In']
  const ranked = own.priority ?? sent['Longhaul-Priority']
  return defined({
    priority: ranked === undefined ? undefined : (Number(ranked) as Priority),
    fairnessKey: own.fairness_key ?? sent['Longhaul-Fairness-Key'],
    ...(start !== undefined && parseStartTime(start)),
    expiresInMs: expiry === undefined ? undefined : expiryOf(expiry),
    webhook: own.webhook ?? sent['Longhaul-Webhook'],
  }) as Options
}

export function expiryOf(text: string): number | undefined {
  const ms = parseIsoDuration(text)
  return ms !== undefined && ms >= 1_000 && ms <= limits.startAhead ? ms : undefined
}

export function startOf(text: string | null | undefined): StartTime {
  return (text == null ? undefined : parseStartTime(text)) ?? { startInMs: 0 }
}

/** The fairness key of a caller's id. A long id is replaced by its hash. */
export function fairnessKeyFrom(id: string | null | undefined): string | undefined {
  if (id == null || id === '') return undefined
  return isFairnessKey(id) ? id : hash('sha256', id)
}
