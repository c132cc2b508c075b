import { limits, type ScanResult, scanParts, type ScanPart, type ScanCursor } from '@longhaul/core'
import { z } from 'zod'
import { parseQuery } from '../request/parse-query.ts'

const cursorPattern = new RegExp(`^(\\d{1,2})-(${scanParts.join('|')})-(\\d{0,15}(?::\\d{0,15})?)$`)
const range = `must be a whole number from 1 to ${limits.scan.max}`

export const DoctorQuery = z.object({
  limit: z
    .preprocess(
      (text) => (/^\d{1,9}$/.test(String(text)) ? Number(text) : text),
      z.int(range).min(1, range).max(limits.scan.max, range),
    )
    .optional()
    .meta({
      description: `The approximate number of entries to scan. Default: ${limits.scan.default}.`,
    }),
  cursor: z.string().regex(cursorPattern, 'must be the next of the reply before').optional().meta({
    description: 'The `next` of the previous reply. Without it the scan starts from the beginning.',
  }),
})

/** The number of entries to scan, and the cursor to start from. */
export function parseDoctorQuery(query: URLSearchParams): {
  from: ScanCursor | undefined
  limit: number | undefined
} {
  const { limit, cursor } = parseQuery(DoctorQuery, query)
  const [, shard, part, at = ''] = cursor === undefined ? [] : (cursorPattern.exec(cursor) ?? [])
  if (part === undefined) return { from: undefined, limit }
  return { from: { shard: Number(shard), part: part as ScanPart, at }, limit }
}

const FindingReply = z.object({
  kind: z.enum([
    'job_missing',
    // Only earlier versions find this.
    'job_orphaned',
    'lease_expired',
    'misplaced',
    'deadline_wrong',
    'counter_wrong',
    'index_wrong',
    'set_wrong',
  ]),
  task_id: z.string(),
  detail: z.string().meta({ description: 'A description of the inconsistency.' }),
  remedy: z
    .string()
    .meta({ description: 'The repair. In the reply to a POST, the repair that was made.' }),
})

export const DoctorReply = z
  .object({
    findings: z.array(FindingReply),
    mended: z.boolean().meta({ description: 'Whether the findings were repaired.' }),
    looked: z.int().meta({ description: 'The number of entries scanned.' }),
    more: z
      .boolean()
      .meta({ description: 'Whether entries are left to scan: continue with `next` as `cursor`.' }),
    next: z.string().optional().meta({ description: 'The `cursor` of the next request.' }),
  })
  .meta({ id: 'Diagnosis', description: 'The findings of the doctor.' })

export function doctorBody(
  { findings, looked: scanned, next }: ScanResult,
  repaired: boolean,
): z.input<typeof DoctorReply> {
  return {
    findings: findings.map(({ taskId, ...finding }) => ({ task_id: taskId, ...finding })),
    mended: repaired,
    looked: scanned,
    more: next !== undefined,
    ...(next && { next: `${next.shard}-${next.part}-${next.at}` }),
  }
}
