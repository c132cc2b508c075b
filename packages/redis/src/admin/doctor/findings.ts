import type { Finding, FindingKind } from '@longhaul/core'

/** The faults by the names that the scripts use: the kind of the finding, the fault, and its remedy. */
const faults = {
  'ticket-missing': [
    'job_missing',
    'a turn can start, and no job waits that would wake a worker',
    'a job is added',
  ],
  broken: ['misplaced', 'a claim could not read this turn', 'it is examined again after a minute'],
  'lease-expired': [
    'lease_expired',
    'the lease of a running turn has expired, and no worker has taken the turn',
    'the turn is queued for another worker',
  ],
  'queue-missing': ['misplaced', 'a queued turn is in no backlog', 'it is added to its backlog'],
  'queue-extra': [
    'misplaced',
    'a turn is in a backlog although it is not queued, or is in another one',
    'it is removed',
  ],
  'queue-stray': [
    'misplaced',
    'an entry of a backlog belongs to no live turn',
    'the entry is removed',
  ],
  'slot-wrong': [
    'misplaced',
    'a running turn holds no slot of its workspace, or another turn holds one',
    'the slots are corrected',
  ],
  'slot-stray': [
    'counter_wrong',
    'a slot of a workspace belongs to no running turn',
    'the slot is freed',
  ],
  count: [
    'counter_wrong',
    'a count of the turns or the bytes of a workspace is wrong',
    'it is corrected',
  ],
  'ring-missing': [
    'misplaced',
    'a workspace or a key that can start a turn is not in its ring',
    'it is added',
  ],
  'ring-stray': [
    'misplaced',
    'a workspace or a key that cannot start a turn is in its ring',
    'it is removed',
  ],
  'lease-missing': [
    'misplaced',
    'a running turn has no lease',
    'the turn is queued for another worker',
  ],
  'lease-extra': ['misplaced', 'a turn that is not running has a lease', 'the lease is removed'],
  'lease-stray': ['misplaced', 'a lease belongs to no live turn', 'the lease is removed'],
  'deadline-missing': ['deadline_wrong', 'a live turn has no deadline', 'it gets a new one'],
  'deadline-stray': [
    'deadline_wrong',
    'a deadline belongs to no live turn',
    'the deadline is removed',
  ],
  pos: ['counter_wrong', 'the count of facts and deltas is wrong', 'it is corrected'],
  bytes: ['counter_wrong', 'the count of recorded bytes is wrong', 'it is corrected'],
  'index-missing': ['index_wrong', 'an index lacks the task', 'it is added'],
  'index-stray': ['index_wrong', 'an index lists a task that does not exist', 'it is removed'],
  'forget-missing': ['set_wrong', 'an ended task has no purge time', 'it gets one'],
  'forget-stray': [
    'set_wrong',
    'a task that is live, or does not exist, has a purge time',
    'the purge time is removed',
  ],
  'failed-missing': [
    'set_wrong',
    'a failed task is not in the list of failed tasks',
    'it is added',
  ],
  'failed-stray': [
    'set_wrong',
    'a task that has not failed is in the list of failed tasks',
    'it is removed',
  ],
  'schedule-missing': [
    'set_wrong',
    'a schedule that waits for a time is not in the list of due schedules',
    'it is added',
  ],
  'schedule-stray': [
    'set_wrong',
    'the list of due schedules, or an index of them, has one that does not exist',
    'it is removed',
  ],
} as const satisfies Record<string, readonly [FindingKind, string, string]>

export type Fault = keyof typeof faults

export const taskFaults = Object.keys(faults) as Fault[]

export function findingOf(fault: Fault, taskId: string): Finding {
  const [kind, detail, remedy] = faults[fault]
  return { kind, taskId, detail, remedy }
}
