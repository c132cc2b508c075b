import { attemptChecks } from './attempt-check.ts'
import { eventChecks } from './event-checks.ts'
import { gapCheck } from './gap-check.ts'
import { logOnResume } from './log-on-resume.ts'
import { lostTicket } from './lost-ticket.ts'
import { parkCompare } from './park-compare.ts'
import type { Safeguard } from './safeguard.ts'
import { schedulerChecks } from './scheduler-checks.ts'

export const safeguards: Safeguard[] = [
  ...attemptChecks,
  lostTicket,
  logOnResume,
  parkCompare,
  gapCheck,
  ...schedulerChecks,
  ...eventChecks,
]
