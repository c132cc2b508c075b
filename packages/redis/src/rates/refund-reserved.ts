import { bucketsOf, parseModelWait, shardOf } from '@longhaul/core'
import type { StoreContext } from '../lifecycle/store-context.ts'

/** Gives back what a parked turn has reserved for its next model call. */
export async function refundReserved(
  { taskId, workspace, wait }: { taskId: string; workspace: string; wait: string },
  { modelClasses, buckets }: Pick<StoreContext, 'modelClasses' | 'buckets'>,
): Promise<void> {
  const reserved = parseModelWait(wait)?.reserved
  if (reserved === undefined) return
  const { model, tokens } = reserved
  const tables = await modelClasses.tables(workspace, shardOf(taskId))
  await buckets.refund({ workspace, buckets: bucketsOf(model, tables), tokens }, 'later')
}
