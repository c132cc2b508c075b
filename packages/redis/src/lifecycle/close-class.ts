import { type Attempt, type ModelWait, shardOf } from '@longhaul/core'
import { taskKeys } from '../connection/keys.ts'
import { runScript } from '../lua/run-script.ts'
import { closeClassScript } from '../lua/turn/close-class.ts'
import { keyHash } from '../queue/key-hash.ts'
import { offerTicket } from '../queue/tickets.ts'
import type { StoreContext } from './store-context.ts'

/** Closes the class of the model of a turn, and releases the turn. */
export async function closeClass(
  { redis, clockTime, tickets }: StoreContext,
  { taskId, attempt }: Attempt,
  { modelClass, wait }: { modelClass: string; wait: ModelWait },
): Promise<{ released: boolean }> {
  const call = closeClassScript.call(taskKeys(taskId), {
    clockTime: clockTime(),
    attempt,
    class: keyHash(modelClass),
    untilTime: wait.until,
    wait: JSON.stringify(wait),
  })
  const reply = await runScript(redis, call)
  offerTicket(tickets, shardOf(taskId), reply)
  return { released: reply.released }
}
