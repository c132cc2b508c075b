import { type BeatReply, limits, type NewDelta, type Writer } from '@longhaul/core'
import { taskKeys } from '../connection/keys.ts'
import { lastSeenText } from '../log/last-seen.ts'
import { runScript } from '../lua/run-script.ts'
import { recordDeltasScript } from '../lua/turn/record-deltas.ts'
import type { StoreContext } from './store-context.ts'

/** Records pieces of streamed output. */
export async function recordDeltas(
  { redis, clockTime }: StoreContext,
  { taskId, attempt, seen }: Writer,
  { ordinal, pieces }: { ordinal: number; pieces: NewDelta[] },
): Promise<BeatReply> {
  const call = recordDeltasScript.call(taskKeys(taskId), {
    clockTime: clockTime(),
    taskId,
    attempt,
    ordinal,
    lastSeen: lastSeenText(seen),
    maxBytes: limits.deltas,
    // A process of an older version reads any other kind than `reasoning` as `text`.
    pieces: pieces.map(({ partId, kind, refusal, text }) => {
      return { partId, kind: refusal === true ? 'refusal' : kind, text }
    }),
  })
  return await runScript(redis, call)
}
