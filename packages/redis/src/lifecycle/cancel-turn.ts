import { taskKeys } from '../connection/keys.ts'
import { type ReadEnd, readEnd } from './outside-end.ts'
import { loadScript, runScript } from '../connection/script.ts'
import { sizeOf, type Transfers } from '../connection/transfers.ts'

const script = loadScript('turn/cancel')

const turnCancelled = { code: 'cancelled', message: 'the turn was cancelled' } as const

/** Cancels a turn, any that is live unless one is named; a running one has `graceMs` to stop by itself. */
export async function cancelTurn(
  transfers: Transfers,
  { taskId, turn }: { taskId: string; turn?: number },
  { reason, graceMs, now }: { reason: string; graceMs: number; now: number | '' },
): Promise<'ended' | 'stopping' | 'not_found'> {
  const { blob, toEnd } = taskKeys(taskId)
  const fact = JSON.stringify({ type: 'cancel.requested', reason })
  const asked = [now, taskId, graceMs, fact, turn ?? '']
  const cancel = async (end?: ReadEnd) => {
    const keys = [...toEnd, ...[...(end?.blobs.keys() ?? [])].map(blob)]
    const args =
      end === undefined
        ? [...asked, '', '', '']
        : [...asked, end.folded, end.fact, end.result, ...end.blobs.values()]
    return (await transfers.move(sizeOf(args), { taskId }, (on) =>
      runScript(on, script, keys, args),
    )) as 'ended' | 'stopping' | 'not_found' | 'stale'
  }

  let outcome = await cancel()
  // Whenever the log has moved its worker has recorded something: it does so only so often.
  while (outcome === 'stale')
    outcome = await cancel(await readEnd(transfers, taskId, turnCancelled))
  return outcome
}
