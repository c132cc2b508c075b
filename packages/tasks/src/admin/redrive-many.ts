import {
  type EntryCursor,
  type EntryQuery,
  isUlid,
  limits,
  type AdminStore,
  parseResponseId,
  type TaskStore,
  type TurnRef,
} from '@longhaul/core'

/** Names the failed tasks to redrive: by a query, or by their ids. */
export type RedriveRequest = {
  tasks: { query: Omit<EntryQuery, 'status'>; limit: number } | { ids: string[] }
  perSecond: number
}

export type Redriving = {
  /** The number of scheduled redrives, and when the last of them is due. */
  added: number
  until: number
  /** The tasks that cannot be redriven, and why; empty where a query has found the tasks. */
  skipped: { id: string; message: string }[]
  /** Whether the query matches more tasks than its limit. */
  more: boolean
}

type Ports = { adminStore: AdminStore; store: TaskStore }

/** Schedules redrives of failed tasks, one after the other, at a fixed rate. Workers perform them. */
export async function redriveMany(request: RedriveRequest, ports: Ports): Promise<Redriving> {
  const { tasks, perSecond } = request
  const { turns, skipped, more } =
    'ids' in tasks ? await named(tasks.ids, ports) : await found(tasks, ports)
  return { ...(await ports.adminStore.redriveLater(turns, perSecond)), skipped, more }
}

type Chosen = { turns: TurnRef[] } & Pick<Redriving, 'skipped' | 'more'>

async function found(
  { query, limit }: { query: Omit<EntryQuery, 'status'>; limit: number },
  { adminStore }: Ports,
): Promise<Chosen> {
  const turns: TurnRef[] = []
  let after: EntryCursor | undefined
  do {
    const page = await adminStore.list(
      { ...query, status: 'failed' },
      { limit: Math.min(limit - turns.length, limits.listPage), after },
    )
    turns.push(...page.items)
    after = page.next
  } while (after !== undefined && turns.length < limit)
  return { turns, skipped: [], more: after !== undefined }
}

async function named(ids: string[], { store }: Ports): Promise<Chosen> {
  const turns: TurnRef[] = []
  const skipped: Redriving['skipped'] = []
  for (const id of new Set(ids)) {
    const response = parseResponseId(id)
    const taskId = response?.taskId ?? id
    const view = isUlid(taskId) ? await store.view(taskId) : undefined
    if (view === undefined) skipped.push({ id, message: 'there is no such task' })
    else if (view.status !== 'failed') skipped.push({ id, message: `the task is ${view.status}` })
    else if (response !== undefined && response.turn !== view.turn) {
      skipped.push({ id, message: 'it is not the latest turn of its task' })
    } else turns.push({ taskId, turn: view.turn })
  }
  return { turns, skipped, more: false }
}
