import { flag, number, optionalNumber, optionalText, text } from './arguments.ts'

/** The arguments of `lib/claim.lua`. */
export const claimArgs = {
  attempt: text,
  lockMs: number,
  /** The id of the worker process. */
  worker: optionalText,
  /** Whether the worker process runs this turn alone. */
  isAlone: flag,
  /** The greatest size of the log, in bytes. No limit when absent. */
  maxHeldBytes: optionalNumber,
}
