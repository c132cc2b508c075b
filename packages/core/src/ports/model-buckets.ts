import type { VendorReport } from '../scheduling/gcra.ts'
import type { ModelQuota } from '../scheduling/model-quota.ts'
import type { RateBucket } from '../scheduling/model-rates.ts'

/** A call of a model that takes from buckets, and the tokens that it may use. */
export type RatedCall = { workspace: string; buckets: RateBucket[]; tokens: number }

/** What a vendor reports of its own limits with a reply or an error. */
export type VendorReports = { requests?: VendorReport; tokens?: VendorReport }

export type Reservation =
  /** The call may be made in `inMs` milliseconds, and not earlier. */
  | { outcome: 'ready'; inMs: number }
  /** The call is reserved for the time `until` (Redis's, epoch milliseconds), when it is to be asked for again. */
  | { outcome: 'later'; until: number; bucket: RateBucket }
  /** Nothing is reserved, because the call would be too far ahead. Until then, no call of the same buckets has to ask. */
  | { outcome: 'full'; until: number; bucket: RateBucket }

/** The buckets of the rates of models. All workers share them. */
export interface ModelBuckets {
  /** Reserves a call. `isReserved` is set for a call that is reserved for a time that has come. */
  reserve(call: RatedCall, options: { isReserved: boolean }): Promise<Reservation>
  /**
   * Corrects the buckets after a call: it has used `tokens` instead of those that it has reserved, and the vendor has
   * this much left.
   */
  settle(call: RatedCall, tokens: number, reports: VendorReports): Promise<void>
  /** Gives back what a call has reserved that is not made: before its time has come, or after it was ready. */
  refund(call: RatedCall, was: 'later' | 'ready'): Promise<void>
  /** Reads what is left of the buckets, and changes nothing. */
  quota(call: Omit<RatedCall, 'tokens'>): Promise<ModelQuota>
}
