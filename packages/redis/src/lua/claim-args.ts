import { flag, number, optionalNumber, optionalText, text } from './arguments.ts'

/** The arguments of `lib/claim.lua`. */
export const claimArgs = {
  attempt: text,
  lockMs: number,
  /** The id of the worker process. */
  worker: optionalText,
  /** The id of the run of Redis, or '' when the caller does not know it. */
  redisRun: text,
  /** Whether the worker process runs this turn alone. */
  isAlone: flag,
  /** Whether the process leaves turns that have crashed several workers to others. */
  leavesCrashed: flag,
  /** The greatest size of the log, in bytes. No limit when absent. */
  maxHeldBytes: optionalNumber,
}

/** Those that a worker sends with each claim. */
export const togetherInClaims = [
  'lockMs',
  'worker',
  'redisRun',
  'isAlone',
  'leavesCrashed',
  'maxHeldBytes',
] as const
