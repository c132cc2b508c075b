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

/** Which failed tasks are redriven: those of a query, or these. */
export type RedriveRequest = {
  tasks: { query: Omit<EntryQuery, 'status'>; limit: number } | { ids: string[] }
  perSecond: number
}

export type Redriving = {
  /** How many are scheduled, and when the last of them is due. */
  added: number
  until: number
  /** Those that cannot be redriven, and why; none where a query has found them. */
  skipped: { id: string; message: string }[]
  /** Whether the query fits more tasks than its limit. */
  more: boolean
}

type Ports = { adminStore: AdminStore; store: TaskStore }

/** Schedules redrives of failed tasks, one after the other, at a fixed rate. Workers make them. */
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
