import {
  Agent,
  isMcpServerId,
  isToolId,
  isUlid,
  limits,
  McpServer,
  StoredTool,
  wellFormedJson,
  workspaceFull,
  type WorkspacePolicy,
} from '@longhaul/core'
import type { Page, PageRequest, Registered, Registry } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { workspaceKeys } from '../connection/keys.ts'
import { createTime } from '../connection/redis-time.ts'
import { toStored } from '../log/to-stored.ts'
import { type Bulk, createTransfers } from '../connection/transfers.ts'
import { guarded } from '../connection/unavailable.ts'
import { createItemScript } from '../lua/registry/create-item.ts'
import { getItemScript } from '../lua/registry/get-item.ts'
import { removeItemScript } from '../lua/registry/remove-item.ts'
import { updateItemScript } from '../lua/registry/update-item.ts'
import { runScript } from '../lua/run-script.ts'
import { tellNoted } from '../webhooks/workspace-events.ts'

type Bounds = Record<'agents' | 'tools' | 'mcpServers' | 'versions' | 'definitionBytes', number>
type Options = { bulk?: Bulk; bounds?: Bounds }

export function createAgentRegistry(redis: Redis, options: Options = {}): Registry<Agent> {
  const { bounds = limits.workspace, bulk } = options
  return createRegistry(redis, bulk, {
    name: 'agent',
    hasEvents: true,
    isId: isUlid,
    parse: (value) => Agent.parse(value),
    policy: 'agents',
    most: bounds.agents,
    versions: bounds.versions,
    bytes: bounds.definitionBytes,
  })
}

export function createToolRegistry(redis: Redis, options: Options = {}): Registry<StoredTool> {
  const { bounds = limits.workspace, bulk } = options
  return createRegistry(redis, bulk, {
    name: 'tool',
    isId: isToolId,
    parse: (value) => StoredTool.parse(value),
    policy: 'tools',
    most: bounds.tools,
    versions: bounds.versions,
    bytes: bounds.definitionBytes,
  })
}

export function createMcpServerRegistry(redis: Redis, options: Options = {}): Registry<McpServer> {
  const { bounds = limits.workspace, bulk } = options
  return createRegistry(redis, bulk, {
    name: 'mcp-server',
    isId: isMcpServerId,
    parse: (value) => McpServer.parse(value),
    policy: 'mcp_servers',
    most: bounds.mcpServers,
    // No agent refers to an older version, and a server that is synced every hour would have thousands.
    versions: 1,
    bytes: bounds.definitionBytes,
  })
}

type Kind<T> = {
  name: string
  /** Whether endpoints are notified of changes: `<name>.created`, `.updated`, `.deleted`. */
  hasEvents?: true
  isId: (ref: string) => boolean
  parse: (value: unknown) => T
  /** The limit of items of a workspace with the name of its policy, of versions of each item, and of bytes of all. */
  most: number
  policy: WorkspacePolicy
  versions: number
  bytes: number
}

/**
 * An item is one hash: `key`, `version`, `latest` (JSON), `bytes` of all its versions, and the JSON of each older
 * version under its number.
 */
function createRegistry<T extends Registered>(
  redis: Redis,
  bulk: Bulk | undefined,
  kind: Kind<T>,
): Registry<T> {
  const { name, isId, policy, hasEvents = false } = kind
  const time = createTime(redis, { clock: undefined })
  const transfers = createTransfers(redis, bulk)
  const read = (json: string): T => kind.parse(JSON.parse(wellFormedJson(json)))

  /** The keys of an item, and the keys that all items of its kind share. */
  function keysOf(workspace: string, id: string) {
    const keys = workspaceKeys(workspace)
    return {
      item: keys.item(name, id),
      names: keys.names(name),
      index: keys.index(name),
      definitionBytes: keys.definitionBytes,
      formerNames: keys.formerNames(name),
      former: keys.former(name),
      webhooks: keys.webhooks,
      events: keys.events,
    }
  }

  /** The event of a change, for the script that makes the change; '' when this kind has none. */
  async function eventOf(
    change: string,
    { id, key, version }: { id: string; key: string; version?: string },
  ): Promise<string> {
    if (!hasEvents) return ''
    const subject = [id, version ?? change].join('_')
    const data = { id, key, ...(version !== undefined && { version }) }
    return toStored({ type: `${name}.${change}`, subject, at: await time(), data })
  }

  async function idNamed(workspace: string, ref: string): Promise<string | undefined> {
    if (isId(ref)) return ref
    const id = await guarded(() => redis.hget(workspaceKeys(workspace).names(name), ref))
    return id ?? undefined
  }

  /**
   * Reads the items of these fields, in their order, until they fill a page of a list; at least one. Items that were
   * removed meanwhile are left out. `cut` is set when some are left for the next page.
   */
  async function itemsAt(
    workspace: string,
    itemFields: ItemField[],
    held = 0,
  ): Promise<{ items: T[]; size: number; cut: boolean }> {
    const sizes = await guarded(() =>
      Promise.all(itemFields.map(({ key, field }) => redis.hstrlen(key, field))),
    )
    const count = countWithin(sizes, limits.listBytes - held, held > 0 ? 0 : 1)
    const size = sizes.slice(0, count).reduce((sum, each) => sum + each, 0)
    const load = async (on: Redis) => {
      const found: (string | null)[] = []
      for (let from = 0; from < count;) {
        const some = Math.max(1, countWithin(sizes.slice(from, count), limits.transferPage, 1))
        const page = itemFields.slice(from, from + some)
        // The commands use one connection, so they are sent together.
        const loadPage = () => Promise.all(page.map(({ key, field }) => on.hget(key, field)))
        found.push(...(await guarded(loadPage)))
        from += some
      }
      return found
    }
    const texts = await transfers.read(size, { workspace }, load, { most: limits.largeDefinition })
    const items = texts.flatMap((text) => (text === null ? [] : read(text)))
    return { items, size, cut: count < itemFields.length }
  }

  return {
    async create(workspace, item) {
      const { id, key, version } = item
      const maximum = { maxItems: kind.most, maxBytes: kind.bytes }
      const event = await eventOf('created', item)
      const values = { id, key, version, json: toStored(item), ...maximum, event }
      const call = createItemScript.call(keysOf(workspace, id), values)
      const outcome = await transfers.send({ workspace }, call)
      if (outcome === 'full') throw workspaceFull(policy)
      if (outcome === 'full_bytes') throw workspaceFull('definition_bytes')
      if (hasEvents) await tellNoted(redis, workspace)
      return outcome
    },

    async idOf(workspace, ref) {
      const id = await idNamed(workspace, ref)
      if (id === undefined || id !== ref) return id
      const found = await guarded(() => redis.exists(workspaceKeys(workspace).item(name, id)))
      return found === 1 ? id : undefined
    },

    async get(workspace, ref, version) {
      const id = await idNamed(workspace, ref)
      if (id === undefined) return undefined
      if (version !== undefined && !isVersion(version)) return undefined
      const keys = keysOf(workspace, id)
      const call = getItemScript.call(keys, { version, maxBytes: limits.largeDefinition })
      const reply = await transfers.small({ workspace }, (on) => runScript(on, call))
      if (reply === undefined) return undefined
      const { field, json } = reply
      const readLarge = (on: Redis) => guarded(() => on.hget(keys.item, field))
      const text = json ?? (await transfers.large({ workspace }, readLarge))
      return text === null ? undefined : read(text)
    },

    async update(workspace, item, from) {
      const { id, key, version } = item
      const maximum = { maxVersions: kind.versions, maxBytes: kind.bytes }
      const event = await eventOf('updated', item)
      const values = {
        id,
        key,
        seenVersion: from,
        version,
        json: toStored(item),
        ...maximum,
        event,
      }
      const call = updateItemScript.call(keysOf(workspace, id), values)
      const outcome = await transfers.send({ workspace }, call)
      if (outcome === 'full_versions') throw workspaceFull('versions')
      if (outcome === 'full_bytes') throw workspaceFull('definition_bytes')
      if (hasEvents) await tellNoted(redis, workspace)
      return outcome
    },

    async remove(workspace, id, { keepName } = { keepName: false }) {
      const keys = keysOf(workspace, id)
      const key = hasEvents ? await guarded(() => redis.hget(keys.item, 'key')) : null
      const event = key === null ? '' : await eventOf('deleted', { id, key })
      const values = { id, maxFormer: keepName ? kind.most : 0, event }
      const isRemoved = await runScript(redis, removeItemScript.call(keys, values))
      if (hasEvents) await tellNoted(redis, workspace)
      return isRemoved
    },

    async former(workspace, ref) {
      const names = workspaceKeys(workspace).formerNames(name)
      const other = await guarded(() => redis.hget(names, ref))
      if (other === null) return undefined
      return isId(ref) ? { id: ref, key: other } : { id: other, key: ref }
    },

    async keys(workspace) {
      const { names } = workspaceKeys(workspace)
      const found = new Map<string, string>()
      let cursor = '0'
      do {
        const [next, flat] = await guarded(() =>
          redis.hscan(names(name), cursor, 'COUNT', namesAtOnce),
        )
        // A hash that grows during the scan may list a field twice.
        for (let at = 0; at < flat.length; at += 2) found.set(flat[at + 1] ?? '', flat[at] ?? '')
        cursor = next
      } while (cursor !== '0')
      return [...found]
        .map(([id, key]) => ({ id, key }))
        .toSorted((a, b) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0))
    },

    async keyOf(workspace, id) {
      const key = await guarded(() => redis.hget(workspaceKeys(workspace).item(name, id), 'key'))
      return key ?? undefined
    },

    async list(workspace, { limit, after, before }) {
      const keys = workspaceKeys(workspace)
      const index = keys.index(name)
      const fieldsOf = (ids: string[]) =>
        ids.map((id) => ({ key: keys.item(name, id), field: 'latest' }))
      if (limit !== undefined && before !== undefined && after === undefined) {
        const { items: ids, more } = await idsAbove(redis, index, before, limit)
        // The nearest items come first, so that the farthest are left when the page is cut.
        const { items, cut } = await itemsAt(workspace, fieldsOf(ids.toReversed()))
        return { items: items.toReversed(), more: more || cut }
      }
      const all: T[] = []
      let [last, held] = [after, 0]
      for (;;) {
        const page = { after: last, before, limit: limit ?? limits.listPage }
        const ids = await idsBelow(redis, index, page)
        const { items, size, cut } = await itemsAt(workspace, fieldsOf(ids.items), held)
        all.push(...items)
        if (cut || limit !== undefined || !ids.more) return { items: all, more: cut || ids.more }
        last = ids.items.at(-1)
        held += size
      }
    },

    async versions(workspace, id, request) {
      const key = workspaceKeys(workspace).item(name, id)
      const fields = await guarded(() => redis.hkeys(key))
      const newest = await guarded(() => redis.hget(key, 'version'))
      if (newest === null) return undefined
      const known = [...new Set([newest, ...fields.filter(isVersion)])].toSorted(newestFirst)
      const { items: selected, more } = versionsOfPage(known, request)
      const itemFields = selected.map((version) => ({
        key,
        field: version === newest ? 'latest' : version,
      }))
      const upwards = request.before !== undefined && request.after === undefined
      const { items, cut } = await itemsAt(
        workspace,
        upwards ? itemFields.toReversed() : itemFields,
      )
      return { items: upwards ? items.toReversed() : items, more: more || cut }
    },
  }
}

/** The field of a hash that contains an item's JSON. */
type ItemField = { key: string; field: string }

/** The number of names that one command reads. */
const namesAtOnce = 1_000

/** How many of the first sizes fit into a capacity; at least `least`. */
function countWithin(sizes: number[], capacity: number, least: number): number {
  let left = capacity
  const beyond = sizes.findIndex((size, at) => {
    left -= size
    return left < 0 && at >= least
  })
  return beyond === -1 ? sizes.length : beyond
}

/** The `limit` newest ids that are older than `after` and newer than `before`. */
async function idsBelow(
  redis: Redis,
  index: string,
  { after, before, limit }: PageRequest & { limit: number },
): Promise<Page<string>> {
  const from = after === undefined ? '+' : `(${after}`
  const to = before === undefined ? '-' : `(${before}`
  const ids = await guarded(() => redis.zrevrangebylex(index, from, to, 'LIMIT', 0, limit + 1))
  return { items: ids.slice(0, limit), more: ids.length > limit }
}

/** The `limit` ids directly before `before` in the list: the oldest of the newer ones. */
async function idsAbove(
  redis: Redis,
  index: string,
  before: string,
  limit: number,
): Promise<Page<string>> {
  const ids = await guarded(() =>
    redis.zrangebylex(index, `(${before}`, '+', 'LIMIT', 0, limit + 1),
  )
  return { items: ids.slice(0, limit).toReversed(), more: ids.length > limit }
}

function isVersion(text: string): boolean {
  return /^\d{1,9}\.\d{1,9}\.\d{1,9}$/.test(text)
}

function versionsOfPage(
  known: string[],
  { limit = known.length, after, before }: PageRequest,
): Page<string> {
  const between = known.filter(
    (version) =>
      (after === undefined || newestFirst(after, version) < 0) &&
      (before === undefined || newestFirst(version, before) < 0),
  )
  const items =
    before !== undefined && after === undefined
      ? between.slice(Math.max(0, between.length - limit))
      : between.slice(0, limit)
  return { items, more: items.length < between.length }
}

function newestFirst(a: string, b: string): number {
  const [x, y] = [rank(a), rank(b)]
  return x === y ? 0 : x > y ? -1 : 1
}

/** The version as a number that sorts in the same order. */
function rank(version: string): bigint {
  return version.split('.').reduce((sum, part) => sum * 1_000_000_000n + BigInt(part), 0n)
}
