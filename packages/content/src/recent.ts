/** Remembers what was set or read last, as long as there are not too many, and their keys together not too long. */
export function createRecent<T>({ entries, characters }: { entries: number; characters: number }) {
  /** The latest used last. */
  const map = new Map<string, T>()
  let length = 0

  function remove(key: string): void {
    if (map.delete(key)) length -= key.length
  }

  return {
    get(key: string): T | undefined {
      const value = map.get(key)
      if (value === undefined) return undefined
      map.delete(key)
      map.set(key, value)
      return value
    },

    set(key: string, value: T): void {
      remove(key)
      map.set(key, value)
      length += key.length
      for (const [oldest] of map) {
        if (map.size <= entries && length <= characters) break
        remove(oldest)
      }
    },
  }
}
