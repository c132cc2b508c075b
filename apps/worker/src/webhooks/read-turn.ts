import {
  type Fact,
  fold,
  type NotedEvent,
  type Result,
  resultOf,
  type TaskStore,
  type TaskView,
} from '@longhaul/core'

type Store = Pick<TaskStore, 'turns' | 'readableFacts'>

/** What a turn's request has named, and whether it is the turn of a sub-agent. */
export async function startOf(
  { taskId, turn: latest, started }: TaskView,
  turn: number,
  store: Store,
): Promise<{ webhook?: string | undefined; isChild?: boolean | undefined }> {
  if (turn === latest) return started
  const taken = (await store.turns(taskId)).find((each) => each.turn === turn)
  if (taken === undefined) return {}
  const [first] = await store.readableFacts(taskId, taken.fact, taken.fact)
  if (first?.type !== 'turn.started') return {}
  return { webhook: first.webhook, isChild: first.parent !== undefined }
}

/** The result of the turn that a fact has ended; undefined for another fact. */
export async function resultAt(
  fact: Fact,
  { taskId, turn, fact: place }: NotedEvent,
  view: TaskView,
  store: Store,
): Promise<Result | undefined> {
  if (fact.type !== 'turn.completed' && fact.type !== 'turn.failed') return undefined
  if (turn === view.turn) return view.result
  // A later turn has begun meanwhile.
  return resultOf(fold(await store.readableFacts(taskId, 0, place)), fact, '')
}
