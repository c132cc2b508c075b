import { ApiError } from '@longhaul/client'
import type { Context } from '../../context.ts'
import { exitCodes } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import type { EventType } from './event-types.ts'

/** Sends a sample event to an endpoint, and resolves with its answer. */
export async function sendSample(
  { id, type }: { id: string; type: EventType },
  { client, interrupted }: Context,
) {
  const { webhooks } = await client()
  try {
    return await webhooks.test(id, { event_type: type }, { signal: interrupted })
  } catch (error) {
    if (interrupted.aborted || !(error instanceof ApiError) || error.status !== 409) throw error
    throw new Failure(`the sample event did not arrive: ${error.message}`, {
      exitCode: exitCodes.failed,
    })
  }
}
