import {
  type Fact,
  factVersion,
  limits,
  LonghaulError,
  parseItemId,
  type PriorMessage,
  type TaskView,
  type ToolCall,
} from '@longhaul/core'
import { hasResponse } from '../../find/find-task.ts'
import { beforeNext } from '../../find/turn-facts.ts'
import type { StepPorts } from '../pipeline.ts'
import { isSameCall } from './call-identity.ts'
import type { ReadItems, SentItem, SentMessage, WholeItem } from './input-item.ts'

type Ports = Pick<StepPorts, 'store' | 'reserve'>
type Source = { workspace: string; readItems: ReadItems }

/** A response of which items are needed, and the item that names it first. */
type Needed = { taskId: string; turn: number; withInput: boolean; item: SentItem }

/**
 * Loads the content of the items of which the caller sends only the id. Rejects with not_found, which names the item,
 * when the workspace has no such item, or when its response was deleted; with invalid or too_large when there are too
 * many.
 */
export async function loadItems(
  items: SentItem[],
  { workspace, readItems }: Source,
  ports: Ports,
): Promise<WholeItem[]> {
  const needed = neededResponses(items)
  const found = new Map<string, PriorMessage[]>()
  const load = createLoader(workspace, ports)
  for (let at = 0; at < needed.length; at += limits.itemRefs.atOnce) {
    for (const { taskId, facts } of await load(needed.slice(at, at + limits.itemRefs.atOnce))) {
      for (const [id, messages] of await readItems(taskId, facts)) found.set(id, messages)
    }
  }
  const signed = signedCalls(found)
  return items.map((item) => {
    const messages = item.messages ?? found.get(item.id ?? '')
    if (messages === undefined) throw unknownItem(item)
    return { ...item, messages: messages.map((message) => withVendorData(message, signed)) }
  })
}

/** The calls of the loaded responses that have data of their vendor. */
function signedCalls(found: Map<string, PriorMessage[]>): Map<string, ToolCall> {
  const signed = new Map<string, ToolCall>()
  for (const message of [...found.values()].flat()) {
    if (message.role !== 'assistant') continue
    for (const call of message.calls) if (call.vendor !== undefined) signed.set(call.callId, call)
  }
  return signed
}

/** Clients send calls whole beside items that they only name. The vendor expects its data back with such a call. */
function withVendorData(message: SentMessage, signed: Map<string, ToolCall>): SentMessage {
  if (message.role !== 'assistant' || signed.size === 0) return message
  const calls = message.calls.map((call) => {
    const same = signed.get(call.callId)
    return same !== undefined && isSameCall(call, same) ? same : call
  })
  return { ...message, calls }
}

function neededResponses(items: SentItem[]): Needed[] {
  const needed = new Map<string, Needed>()
  for (const item of items) {
    if (item.messages !== undefined) continue
    const named = parseItemId(item.id ?? '')
    if (named === undefined) throw unknownItem(item)
    const { taskId, turn, side } = named
    const key = `${taskId} ${turn}`
    const known = needed.get(key)
    const withInput = side === 'input' || known?.withInput === true
    needed.set(key, { taskId, turn, withInput, item: known?.item ?? item })
    if (needed.size > limits.itemRefs.responses) throw tooMany(item)
  }
  return [...needed.values()]
}

/** The facts of a turn in the log: their numbers, and the facts. */
type Range = Needed & { view: TaskView; from: number; to: number }
type Loaded = { taskId: string; facts: Fact[] }

/** Loads the facts of responses, without those of the next turns, and counts their bytes. */
function createLoader(workspace: string, { store, reserve }: Ports) {
  const { bytes: most, largePage } = limits.itemRefs
  let bytes = 0

  /** The request is left out if none of its items is needed: it may have the whole conversation. */
  async function rangeOf(needed: Needed): Promise<Range> {
    const { taskId, turn, withInput, item } = needed
    const view = await store.view(taskId)
    if (view?.workspace !== workspace || !hasResponse(view, turn)) throw unknownItem(item)
    const turns = turn === view.turn ? [] : await store.turns(taskId)
    const begin = turn === view.turn ? view.started : turns.find((each) => each.turn === turn)
    if (begin === undefined) throw unknownItem(item)
    const next = turns.find((each) => each.turn === turn + 1)
    const to = next === undefined ? Infinity : next.fact - 1
    return { ...needed, view, from: begin.fact + (withInput ? 0 : 1), to }
  }

  async function read({ taskId, turn, view, from, to, withInput, item }: Range): Promise<Loaded> {
    const facts: Fact[] = withInput ? [] : [withoutRequest(view, turn)]
    const size = isLarge({ view }) ? largePage : Infinity
    for (let at = from; at <= to; at += size) {
      const last = Math.min(to, at + size - 1)
      const page = await store.readableFacts(taskId, at, last === Infinity ? -1 : last)
      count(page, item)
      facts.push(...page)
      if (page.length < size) break
    }
    return { taskId, facts: beforeNext(facts, turn) }
  }

  function count(facts: Fact[], item: SentItem): void {
    const size = Buffer.byteLength(JSON.stringify(facts))
    bytes += size
    if (bytes > most) throw tooLarge(item)
    reserve(size)
  }

  return async (needed: Needed[]): Promise<Loaded[]> => {
    const ranges = await Promise.all(needed.map(rangeOf))
    const loaded = await Promise.all(ranges.filter((range) => !isLarge(range)).map(read))
    for (const range of ranges.filter(isLarge)) loaded.push(await read(range))
    return loaded
  }
}

function isLarge({ view }: Pick<Range, 'view'>): boolean {
  return view.bytes > limits.itemRefs.largeTask
}

/** The first fact of a turn, without its request. */
function withoutRequest({ started }: TaskView, turn: number): Fact {
  const { model, traceId, spanId, pos, at } = started
  const ids = { assistantMessageId: '', traceId, spanId }
  return { type: 'turn.started', turn, plan: '', model, ...ids, v: factVersion, pos, at }
}

export function unknownItem({ path, id = '' }: SentItem): LonghaulError {
  const message = `Item with id '${id}' not found`
  return new LonghaulError('not_found', `${path}.id: ${message}`, {
    fields: [{ path: `${path}.id`, message }],
  })
}

const instead = 'send these items whole, or continue the conversation that has them'

function tooMany({ path }: SentItem): LonghaulError {
  const message = `is an item of one response too many: a request may name items of ${limits.itemRefs.responses} responses; ${instead}`
  return new LonghaulError('invalid', `${path}.id: ${message}`, {
    fields: [{ path: `${path}.id`, message }],
  })
}

function tooLarge(item: SentItem | undefined): LonghaulError {
  const path = `${item?.path}.id`
  const message = `belongs to responses that are too large together: ${limits.itemRefs.bytes} bytes can be loaded; ${instead}`
  return new LonghaulError('too_large', `${path}: ${message}`, { fields: [{ path, message }] })
}
