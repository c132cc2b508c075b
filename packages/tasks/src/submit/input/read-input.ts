import { invalid, parseItemId } from '@longhaul/core'
import type { Located, StepPorts } from '../pipeline.ts'
import type { Target } from '../target.ts'
import type { ItemRequest, TurnRequest } from '../turn-request.ts'
import { callIdsOf, type SentItem } from './input-item.ts'
import { type KnownContent, knownContent } from './known-content.ts'
import { loadItems, unknownItem } from './load-items.ts'
import { newItems } from './new-items.ts'
import { toMessages } from './to-messages.ts'

/**
 * Reads the input of a request: leaves out the items that the conversation contains already, and loads the items of
 * which only the id was sent. Rejects with not_found, invalid or too_large, and names the item.
 */
export async function readInput(
  request: ItemRequest,
  { target }: Located,
  ports: StepPorts,
): Promise<TurnRequest> {
  const { items, readItems, ...rest } = request
  const { workspace } = request
  const { pending } = target
  refuseDeleted(items, target)
  const known = await contentOf(target, items, ports)
  const fresh = known === undefined ? items : newItems(items, known, pending)
  if (fresh.length === 0 && items.length > 0) {
    throw invalid('input', 'has no new item: the conversation contains each of them already')
  }
  const whole = await loadItems(withoutDoubles(fresh), { workspace, readItems }, ports)
  const origins = whole.flatMap(({ id }) => (id !== undefined && parseItemId(id) ? [id] : []))
  return { ...rest, ...toMessages(whole, pending), ...(origins.length > 0 && { origins }) }
}

/** An item of a deleted response cannot be named, even if the conversation still contains it. */
function refuseDeleted(items: SentItem[], { task }: Target): void {
  if (task?.hidden === undefined) return
  for (const item of items) {
    const named = item.messages === undefined ? parseItemId(item.id ?? '') : undefined
    if (named?.taskId === task.taskId && task.hidden.includes(named.turn)) throw unknownItem(item)
  }
}

/** What the conversation contains, as far as it matters for these items; undefined for a new conversation. */
async function contentOf(
  { task, known, pending }: Target,
  items: SentItem[],
  { store, reserve }: Pick<StepPorts, 'store' | 'reserve'>,
): Promise<KnownContent | undefined> {
  if (task === undefined) return known
  const { taskId, turn, bytes } = task
  const head = knownContent({ taskId, turn, pending })
  if (isOneMessage(items) || items.every((item) => isDecided(item, head, pending))) return head
  reserve(bytes)
  return knownContent({ taskId, turn, pending }, await store.readableFacts(taskId))
}

/** Whether the head of the task alone shows if an item is new. */
function isDecided(item: SentItem, head: KnownContent, pending: string[]): boolean {
  if (item.id !== undefined && head.containsItem(item.id)) return true
  const { calls, results } = callIdsOf(item)
  const callIds = [...calls, ...results]
  return callIds.length > 0 && callIds.every((callId) => pending.includes(callId))
}

function isOneMessage([item, ...more]: SentItem[]): boolean {
  const isForeign = item?.id === undefined || parseItemId(item.id) === undefined
  const role = item?.messages?.[0]?.role
  return more.length === 0 && isForeign && (role === 'user' || role === 'system')
}

/** Each item of an earlier response once. */
function withoutDoubles(items: SentItem[]): SentItem[] {
  const seen = new Set<string>()
  return items.filter(({ id }) => {
    if (id === undefined || parseItemId(id) === undefined) return true
    return seen.size < seen.add(id).size
  })
}
