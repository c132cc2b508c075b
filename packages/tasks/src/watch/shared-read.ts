import type { Cursor, Entries, TaskStore } from '@longhaul/core'

/**
 * Reads for all who watch in this process: those who want the same at the same time get the very same, which
 * nobody may change. A task with many watchers is read once for each hint.
 */
export function sharedRead(store: Pick<TaskStore, 'read'>): TaskStore['read'] {
  const reading = new Map<string, Promise<Entries | undefined>>()
  return (taskId: string, cursor: Cursor) => {
    const key = `${taskId} ${cursor.fact} ${cursor.pos}`
    const known = reading.get(key)
    if (known !== undefined) return known
    const read = store.read(taskId, cursor).finally(() => reading.delete(key))
    reading.set(key, read)
    return read
  }
}
