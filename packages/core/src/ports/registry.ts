import { z } from 'zod'
import type { Plan } from '../manifest/plan.ts'

/** What every versioned thing has. Ids are made by Longhaul and never change, keys are the user's and may. */
export const Registered = z.object({
  id: z.string(),
  key: z.string(),
  version: z.string(),
  versionDescription: z.string().optional(),
  /** Epoch milliseconds: of the first version, and of this one. */
  createdAt: z.number(),
  updatedAt: z.number(),
})
export type Registered = z.infer<typeof Registered>

/**
 * A page of a list that runs from the newest to the oldest. `after` and `before` are places in it,
 * exclusive: they need not be taken by an item. Without `after`, `before` asks for the page that ends
 * there. Without a limit the page is the whole rest, as far as that is not too large.
 */
export type PageRequest = {
  limit?: number | undefined
  after?: string | undefined
  before?: string | undefined
}
export type Page<T> = { items: T[]; more: boolean }

/** A workspace's items of one kind with all their versions. Every change is safe to be sent twice. */
export interface Registry<T extends Registered> {
  create(workspace: string, item: T): Promise<'created' | 'taken'>
  /** The id of what an id or a key names, if that exists. */
  idOf(workspace: string, ref: string): Promise<string | undefined>
  /** By id or by key; the newest version unless one is named. */
  get(workspace: string, ref: string, version?: string): Promise<T | undefined>
  /** Adds the item as the newest version if that is still `from`; the key may be a new one. */
  update(
    workspace: string,
    item: T,
    from: string,
  ): Promise<'updated' | 'stale' | 'taken' | 'not_found'>
  /**
   * Removes all versions and frees the key; whether there was anything to remove. With `keepName`, the key and the
   * id stay known to `former` for as long as the workspace has not removed many others.
   */
  remove(workspace: string, id: string, options?: { keepName: boolean }): Promise<boolean>
  /** The id and the key of a removed item, by either. A key leads to the item that had it last. */
  former(workspace: string, ref: string): Promise<{ id: string; key: string } | undefined>
  /** The ids and keys of all items, the newest first. */
  keys(workspace: string): Promise<{ id: string; key: string }[]>
  /** The key of the item that has an id. */
  keyOf(workspace: string, id: string): Promise<string | undefined>
  /** The newest versions. The places are ids. A page that holds much ends early. */
  list(workspace: string, page: PageRequest): Promise<Page<T>>
  /** All versions of one item; undefined when it is unknown. The places are versions. */
  versions(workspace: string, id: string, page: PageRequest): Promise<Page<T> | undefined>
}

/** Plans by their hash; a plan never changes. */
export interface PlanStore {
  /** Keeps a plan for so many milliseconds from now on, unless it is kept for longer. */
  put(workspace: string, hash: string, plan: Plan, ms: number): Promise<void>
  /** The same for one that is stored; false when it is not. */
  keep(workspace: string, hash: string, ms: number): Promise<boolean>
  /** `newer` when this code cannot read it, since a newer version wrote it. */
  get(workspace: string, hash: string): Promise<Plan | 'newer' | undefined>
}

/** An API key as it is stored: a public id to find it by, and the SHA-256 of the whole key, in hex. */
export type StoredKey = { id: string; workspace: string; hash: string }

export interface KeyStore {
  find(id: string): Promise<StoredKey | undefined>
  /** The generation of the stored list of keys from the environment; 0 when there is no list. */
  generation(): Promise<number>
  /** The generation of a process that starts now: the store's time, later than that of the stored list. */
  nextGeneration(): Promise<number>
  /**
   * Makes these the only keys that came from the environment, under the generation of their process. False,
   * and nothing changes, when the stored list is of a later generation.
   */
  bootstrap(keys: StoredKey[], generation: number): Promise<boolean>
}
