import type { Registered } from '../manifest/registered.ts'
import type { Page, PageRequest } from './page.ts'

/** A workspace's items of one kind, with all their versions. Every change may be sent twice. */
export interface Registry<T extends Registered> {
  create(workspace: string, item: T): Promise<'created' | 'taken'>
  /** The id of the item that an id or a key names, if it exists. */
  idOf(workspace: string, ref: string): Promise<string | undefined>
  /** Gets an item by id or by key, in its newest version unless a version is given. */
  get(workspace: string, ref: string, version?: string): Promise<T | undefined>
  /** Adds the item as the newest version, provided that the newest is still `from`. The key may be new. */
  update(
    workspace: string,
    item: T,
    from: string,
  ): Promise<'updated' | 'stale' | 'taken' | 'not_found'>
  /**
   * Removes all versions and frees the key. Returns whether the item existed. With `keepName`, `former` returns the key
   * and the id until the workspace has removed many other items.
   */
  remove(workspace: string, id: string, options?: { keepName: boolean }): Promise<boolean>
  /** The id and the key of a removed item, found by either. A key leads to the item that had it last. */
  former(workspace: string, ref: string): Promise<{ id: string; key: string } | undefined>
  /** The ids and keys of all items, the newest first. */
  keys(workspace: string): Promise<{ id: string; key: string }[]>
  /** The key of the item that has an id. */
  keyOf(workspace: string, id: string): Promise<string | undefined>
  /** The items in their newest versions. The cursors are ids. A page ends early when it holds many bytes. */
  list(workspace: string, page: PageRequest): Promise<Page<T>>
  /** All versions of one item; undefined when it is unknown. The cursors are versions. */
  versions(workspace: string, id: string, page: PageRequest): Promise<Page<T> | undefined>
}
