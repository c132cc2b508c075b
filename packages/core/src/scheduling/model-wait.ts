import { z } from 'zod'
import type { RateBucket } from './model-rates.ts'

/**
 * Why a turn waits for the rate of its model: which bucket has too little, and until when (Redis's time, epoch
 * milliseconds). `reserved` is what a parked turn has reserved for its next call.
 */
export const ModelWait = z.object({
  kind: z.enum(['model_requests', 'model_tokens']),
  until: z.number(),
  /** The pattern of the rate. */
  bucket: z.string(),
  of: z.enum(['operator', 'workspace']),
  reserved: z.object({ model: z.string(), tokens: z.number() }).optional(),
})
export type ModelWait = z.infer<typeof ModelWait>

/** The wait for a bucket. */
export function waitFor({ of, pattern, unit }: RateBucket, until: number): ModelWait {
  return { kind: `model_${unit}`, until, bucket: pattern, of }
}

/** Parses a stored wait. A wait of a later version that this one does not know is none. */
export function parseModelWait(text: string): ModelWait | undefined {
  try {
    return ModelWait.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
