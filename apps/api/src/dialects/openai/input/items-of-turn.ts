import type { Fact, PriorMessage } from '@longhaul/core'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createResponseProjection } from '../projection/response-projection.ts'
import { inputItemsOf } from './input-items.ts'
import { contentOfFacts } from './content-of-facts.ts'

/**
 * The finished items of a response and of its request, by their ids: what each of them adds to a conversation that it is
 * sent to again. Unlike the items themselves, this has the data that a vendor expects back. Yields to other requests
 * between batches of facts.
 */
export async function itemsOfTurn(
  taskId: string,
  facts: Fact[],
): Promise<Map<string, PriorMessage[]>> {
  const items = new Map<string, PriorMessage[]>()
  const [started] = facts
  if (started?.type !== 'turn.started') return items
  for (const { item, message } of inputItemsOf(taskId, started)) items.set(item.id, [message])
  const projection = createResponseProjection(taskId)
  for (const [at, fact] of facts.entries()) {
    if (at > 0 && at % factsAtOnce === 0) await nextTurn()
    projection.add(fact)
  }
  const contentOf = contentOfFacts(facts)
  for (const [at, item] of projection.output.entries()) {
    if (item.status === 'in_progress') continue
    items.set(item.id, contentOf(projection.sources[at] ?? '', item.type))
  }
  return items
}

const factsAtOnce = 200
