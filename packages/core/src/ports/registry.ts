import type { Registered } from '../manifest/registered.ts'
import type { Page, PageRequest } from './page.ts'

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
