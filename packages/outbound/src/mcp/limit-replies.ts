import { limits, type ReserveCapacity } from '@longhaul/core'
import { Response } from 'undici'
import { Failure } from '../http/failure.ts'
import { createValueCounter } from './count-values.ts'

const smallBody = limits.liveBytes.smallWork

export type ReplyLimits = {
  /** The limit of all replies together, decoded. */
  maxBytes: number
  /** The limit of JSON values in one reply. */
  maxValues: number
  /** Waits for capacity once, before more than a small part has arrived. */
  capacity?: ReserveCapacity | undefined
  /** Called when a limit is reached. */
  onTooLarge: (failure: Failure) => void
}

/** Bounds the bytes and the JSON values of replies. The body of a reply that exceeds a bound fails. */
export function createReplyLimits({ maxBytes, maxValues, capacity, onTooLarge }: ReplyLimits) {
  let left = maxBytes

  return function limited(response: Response): Response {
    const { status, statusText, headers, body } = response
    if (body === null) return response
    const valuesAfter = createValueCounter()
    const declared = Number(
      headers.get('content-encoding') === null && headers.get('content-length'),
    )
    const expected = declared > smallBody ? Math.min(declared, maxBytes) : maxBytes
    const counter = new TransformStream<Uint8Array, Uint8Array>({
      async transform(chunk, controller) {
        const before = maxBytes - left
        left -= chunk.length
        const isLong = left < 0
        if (!isLong && valuesAfter(chunk) <= maxValues) {
          if (before <= smallBody && before + chunk.length > smallBody) await capacity?.(expected)
          controller.enqueue(chunk)
          return
        }
        const most = isLong ? `${maxBytes} bytes` : `${maxValues} values in one reply`
        const failure = new Failure('too_large', `the server sends more than ${most}`)
        controller.error(failure)
        onTooLarge(failure)
      },
    })
    return new Response(body.pipeThrough(counter), { status, statusText, headers })
  }
}
