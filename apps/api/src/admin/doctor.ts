import { limits, type Walked, walkParts, type WalkPart, type WalkPlace } from '@longhaul/core'
import { z } from 'zod'
import { parseQuery } from '../request/parse-query.ts'

const place = new RegExp(`^(\\d{1,2})-(${walkParts.join('|')})-(\\d{0,15}(?::\\d{0,15})?)$`)
const wanted = `must be a whole number from 1 to ${limits.walk.max}`

export const DoctorQuery = z.object({
  limit: z
    .preprocess(
      (text) => (/^\d{1,9}$/.test(String(text)) ? Number(text) : text),
      z.int(wanted).min(1, wanted).max(limits.walk.max, wanted),
    )
    .optional()
    .meta({
      description: `About how many entries are looked at: ${limits.walk.default} if nothing is said.`,
    }),
  cursor: z
    .string()
    .regex(place, 'must be the next of the reply before')
    .optional()
    .meta({ description: 'The `next` of the reply before. Without it the walk begins.' }),
})

/** How far the doctor shall walk, and from where on. */
export function parseDoctorQuery(query: URLSearchParams): {
  from: WalkPlace | undefined
  limit: number | undefined
} {
  const { limit, cursor } = parseQuery(DoctorQuery, query)
  const [, shard, part, at = ''] = cursor === undefined ? [] : (place.exec(cursor) ?? [])
  if (part === undefined) return { from: undefined, limit }
  return { from: { shard: Number(shard), part: part as WalkPart, at }, limit }
}

const FindingReply = z.object({
  kind: z.enum([
    'job_missing',
    'job_orphaned',
    'lease_expired',
    'misplaced',
    'deadline_wrong',
    'counter_wrong',
    'index_wrong',
    'set_wrong',
  ]),
  task_id: z.string(),
  detail: z.string().meta({ description: 'What is wrong.' }),
  remedy: z.string().meta({ description: 'The repair; after a POST, what was done.' }),
})

export const DoctorReply = z
  .object({
    findings: z.array(FindingReply),
    mended: z.boolean().meta({ description: 'Whether the findings were repaired.' }),
    looked: z.int().meta({ description: 'How many entries were looked at.' }),
    more: z.boolean().meta({ description: 'Whether the walk goes on: with `next` as `cursor`.' }),
    next: z.string().optional(),
  })
  .meta({ id: 'Diagnosis', description: 'What the doctor has found.' })

export function doctorBody(
  { findings, looked, next }: Walked,
  mended: boolean,
): z.input<typeof DoctorReply> {
  return {
    findings: findings.map(({ taskId, ...finding }) => ({ task_id: taskId, ...finding })),
    mended,
    looked,
    more: next !== undefined,
    ...(next && { next: `${next.shard}-${next.part}-${next.at}` }),
  }
}
