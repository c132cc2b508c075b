import { type ContentBudget, createContentBudget } from '@longhaul/content'
import type { Page, PageRequest, Registered, Registry } from '@longhaul/core'
import { alreadyExists, changeRegistered, notFound, refuseLarge } from './change-registered.ts'
import type { Versioning } from './next-version.ts'

/** The differences between kinds of items. Both functions reject with invalid and name the field. */
export type ItemKind<T extends Registered, Input, Patch> = {
  /** The name of this kind of item in messages: Agent, Tool. */
  what: string
  /** The item in its first version. `storeFirst` stores other items that it needs. */
  create(input: Input, context: Context): Promise<{ item: T; storeFirst?: () => Promise<void> }>
  /** The change that a patch makes. It is applied again after a concurrent change. */
  change(patch: Patch, context: Context): (current: T) => T | Promise<T>
}

/** All checks of the request share `budget`. */
export type Context = { workspace: string; budget: ContentBudget }

type Ports<T extends Registered> = {
  registry: Registry<T>
  now: () => number
  /** Called after every change, since plans that were resolved from the item are then out of date. */
  changed: (workspace: string) => void
}

export type RegistryVerbs<T extends Registered, Input, Patch> = {
  create(workspace: string, input: Input): Promise<T>
  get(workspace: string, ref: string): Promise<T>
  list(workspace: string, page: PageRequest): Promise<Page<T>>
  update(workspace: string, ref: string, patch: Patch): Promise<T>
  remove(workspace: string, ref: string): Promise<void>
  versions(workspace: string, ref: string, page: PageRequest): Promise<Page<T>>
  version(workspace: string, ref: string, version: string): Promise<T>
}

/** The verbs on the items of one kind. `ref` is a key or an id. */
export function registryVerbs<T extends Registered, Input, Patch extends Versioning>(
  kind: ItemKind<T, Input, Patch>,
  { registry, now, changed }: Ports<T>,
): RegistryVerbs<T, Input, Patch> {
  const { what } = kind

  async function get(workspace: string, ref: string): Promise<T> {
    const item = await registry.get(workspace, ref)
    if (item === undefined) throw notFound(what, ref)
    return item
  }

  return {
    get,

    async create(workspace, input) {
      const { item, storeFirst } = await kind.create(input, contextOf(workspace))
      refuseLarge(item, what)
      await storeFirst?.()
      const outcome = await registry.create(workspace, item)
      if (outcome === 'taken') throw alreadyExists(what, item.key)
      changed(workspace)
      return item
    },

    list: (workspace, page) => registry.list(workspace, page),

    async update(workspace, ref, patch) {
      const { versionIncrement, versionDescription } = patch
      const change = kind.change(patch, contextOf(workspace))
      const options = { what, now, versionIncrement, versionDescription, change }
      const item = await changeRegistered(registry, { workspace, ref }, options)
      changed(workspace)
      return item
    },

    async remove(workspace, ref) {
      const { id } = await get(workspace, ref)
      // An item that is gone is no error: this may repeat a removal whose reply was lost.
      await registry.remove(workspace, id)
      changed(workspace)
    },

    async versions(workspace, ref, page) {
      const { id } = await get(workspace, ref)
      const versions = await registry.versions(workspace, id, page)
      if (versions === undefined) throw notFound(what, ref)
      return versions
    },

    async version(workspace, ref, version) {
      const item = await registry.get(workspace, ref, version)
      if (item === undefined) throw notFound(`${what} version`, `${ref}@${version}`)
      return item
    },
  }
}

function contextOf(workspace: string): Context {
  return { workspace, budget: createContentBudget(workspace) }
}
