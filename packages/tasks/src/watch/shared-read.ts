import type { Cursor, Entries, TaskStore } from '@longhaul/core'

/**
 * Reads for all watchers of this process. Simultaneous equal reads share one result object, which callers must not
 * change. So a task with many watchers is read once for each notification.
 */
export function sharedRead(store: Pick<TaskStore, 'read'>): TaskStore['read'] {
  const reading = new Map<string, Promise<Entries | undefined>>()
  return (taskId: string, cursor: Cursor, deltasTo?: number) => {
    const key = `${taskId} ${cursor.fact} ${cursor.pos} ${deltasTo ?? ''}`
    const known = reading.get(key)
    if (known !== undefined) return known
    const read = store.read(taskId, cursor, deltasTo).finally(() => reading.delete(key))
    reading.set(key, read)
    return read
  }
}
