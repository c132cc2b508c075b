/** An API key as it is stored: a public id for look-ups, and the SHA-256 of the whole key in hex. */
export type StoredKey = { id: string; workspace: string; hash: string }

export interface KeyStore {
  find(id: string): Promise<StoredKey | undefined>
  /** The generation of the stored list of keys from the environment; 0 when there is no list. */
  generation(): Promise<number>
  /** The generation of a process that starts now: the store's time, later than that of the stored list. */
  nextGeneration(): Promise<number>
  /**
   * Replaces all keys that came from the environment by these, under the generation of their process. Returns false and
   * changes nothing when the stored list has a later generation.
   */
  bootstrap(keys: StoredKey[], generation: number): Promise<boolean>
}
