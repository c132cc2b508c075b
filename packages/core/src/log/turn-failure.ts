import { z } from 'zod'
import { LonghaulError } from '../lib/errors.ts'

/** Why a turn failed. */
export const TurnFailure = z.enum([
  'cancelled',
  'context_too_long',
  'file_unavailable',
  'task_full',
  'output_too_large',
  'output_invalid',
  'provider_failed',
  'deadline',
  'expired',
  'worker_crashed',
  'internal',
])
export type TurnFailure = z.infer<typeof TurnFailure>

/** The HTTP status of each failure for a synchronous caller. It is recorded with the failure. */
export const statusOfTurnFailure = {
  cancelled: 409,
  context_too_long: 422,
  file_unavailable: 422,
  task_full: 422,
  output_too_large: 502,
  output_invalid: 502,
  provider_failed: 502,
  deadline: 504,
  expired: 504,
  worker_crashed: 500,
  internal: 500,
} as const satisfies Record<TurnFailure, number>

/** The status of a failure. The 429 of a vendor is passed on. */
export function statusOfFailure(code: TurnFailure, vendorStatus?: number): number {
  return code === 'provider_failed' && vendorStatus === 429 ? 429 : statusOfTurnFailure[code]
}

/** A failed turn as an error for a synchronous caller, with the status and the code of the failure. */
export function turnFailed(
  failure: { code: TurnFailure; message: string; status: number },
  details: Record<string, unknown> = {},
): LonghaulError {
  const { code: reason, message, status } = failure
  return new LonghaulError('turn_failed', message, { reason, status, details })
}
