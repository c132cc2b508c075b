/** What can be wrong between a task, the sets of its shard and its queue. */
export type FindingKind =
  | 'job_missing'
  | 'job_orphaned'
  | 'lease_expired'
  | 'misplaced'
  | 'deadline_wrong'
  | 'counter_wrong'
  | 'index_wrong'
  | 'set_wrong'

export type Finding = {
  kind: FindingKind
  taskId: string
  detail: string
  /** What repairs it, and what was done where a repair was asked for. */
  remedy: string
}

/** The parts of a shard, in the order in which they are walked through. */
export const scanParts = [
  'outbox',
  'leases',
  'deadlines',
  'forget',
  'failed',
  'wait',
  'paused',
  'active',
  'delayed',
  'tasks',
  'agents',
] as const
export type ScanPart = (typeof scanParts)[number]

/** Where a walk through all entries continues: in a part of a shard. `at` is one number, or two with a colon. */
export type ScanCursor = { shard: number; part: ScanPart; at: string }

export type ScanOptions = {
  repair: boolean
  /** How many entries are looked at, about. */
  limit: number
  /** How long a turn may take that has lost its deadline, milliseconds. */
  turnDeadlineMs: number
}

export type ScanResult = { findings: Finding[]; looked: number; next?: ScanCursor }
