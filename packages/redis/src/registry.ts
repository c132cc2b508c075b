import {
  Agent,
  isMcpServerId,
  isToolId,
  isUlid,
  limits,
  McpServer,
  StoredTool,
  workspaceFull,
  type WorkspacePolicy,
} from '@longhaul/core'
import type { Page, PageRequest, Registered, Registry } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { workspaceKeys } from './keys.ts'
import { loadScript, runScript } from './script.ts'
import { guarded } from './unavailable.ts'

const scripts = {
  create: loadScript('registry-create'),
  update: loadScript('registry-update'),
  remove: loadScript('registry-remove'),
}

type Bounds = Record<'agents' | 'tools' | 'mcpServers' | 'versions' | 'definitionBytes', number>

export function createAgentRegistry(
  redis: Redis,
  bounds: Bounds = limits.workspace,
): Registry<Agent> {
  return createRegistry(redis, {
    name: 'agent',
    isId: isUlid,
    parse: (value) => Agent.parse(value),
    policy: 'agents',
    most: bounds.agents,
    versions: bounds.versions,
    bytes: bounds.definitionBytes,
  })
}

export function createToolRegistry(
  redis: Redis,
  bounds: Bounds = limits.workspace,
): Registry<StoredTool> {
  return createRegistry(redis, {
    name: 'tool',
    isId: isToolId,
    parse: (value) => StoredTool.parse(value),
    policy: 'tools',
    most: bounds.tools,
    versions: bounds.versions,
    bytes: bounds.definitionBytes,
  })
}

export function createMcpServerRegistry(
  redis: Redis,
  bounds: Bounds = limits.workspace,
): Registry<McpServer> {
  return createRegistry(redis, {
    name: 'mcp-server',
    isId: isMcpServerId,
    parse: (value) => McpServer.parse(value),
    policy: 'mcp_servers',
    most: bounds.mcpServers,
    // Nothing names an older one, and a server that is synced every hour would have thousands.
    versions: 1,
    bytes: bounds.definitionBytes,
  })
}

type Kind<T> = {
  name: string
  isId: (ref: string) => boolean
  parse: (value: unknown) => T
  /** How many items a workspace may have, and the policy that says so; versions of each; bytes of all. */
  most: number
  policy: WorkspacePolicy
  versions: number
  bytes: number
}

/**
 * An item is one hash: `key`, `version`, `latest` (JSON), `bytes` of all its versions, and each older version's JSON
 * under its number.
 */
function createRegistry<T extends Registered>(redis: Redis, kind: Kind<T>): Registry<T> {
  const { name, isId, policy } = kind
  const read = (json: string): T => kind.parse(JSON.parse(json))

  async function idNamed(workspace: string, ref: string): Promise<string | undefined> {
    if (isId(ref)) return ref
    const id = await guarded(() => redis.hget(workspaceKeys(workspace).names(name), ref))
    return id ?? undefined
  }

  async function itemsOf(workspace: string, ids: string[]): Promise<T[]> {
    const keys = workspaceKeys(workspace)
    // On one connection, so they travel together. What was removed meanwhile is left out.
    const texts = await guarded(() =>
      Promise.all(ids.map((id) => redis.hget(keys.item(name, id), 'latest'))),
    )
    return texts.flatMap((text) => (text === null ? [] : read(text)))
  }

  return {
    async create(workspace, item) {
      const keys = workspaceKeys(workspace)
      const outcome = await runScript(
        redis,
        scripts.create,
        [keys.item(name, item.id), keys.names(name), keys.index(name), keys.definitionBytes],
        [item.id, item.key, item.version, JSON.stringify(item), kind.most, kind.bytes],
      )
      if (outcome === 'full') throw workspaceFull(policy)
      if (outcome === 'full_bytes') throw workspaceFull('definition_bytes')
      return outcome as 'created' | 'taken'
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
      const key = workspaceKeys(workspace).item(name, id)
      if (version === undefined) {
        const latest = await guarded(() => redis.hget(key, 'latest'))
        return latest === null ? undefined : read(latest)
      }
      if (!isVersion(version)) return undefined
      const [newest, latest, older] = await guarded(() =>
        redis.hmget(key, 'version', 'latest', version),
      )
      const text = newest === version ? latest : older
      return text == null ? undefined : read(text)
    },

    async update(workspace, item, from) {
      const keys = workspaceKeys(workspace)
      const json = JSON.stringify(item)
      const outcome = await runScript(
        redis,
        scripts.update,
        [keys.item(name, item.id), keys.names(name), keys.definitionBytes],
        [item.id, item.key, from, item.version, json, kind.versions, kind.bytes],
      )
      if (outcome === 'full_versions') throw workspaceFull('versions')
      if (outcome === 'full_bytes') throw workspaceFull('definition_bytes')
      return outcome as 'updated' | 'stale' | 'taken' | 'not_found'
    },

    async remove(workspace, id) {
      const keys = workspaceKeys(workspace)
      const removed = await runScript(
        redis,
        scripts.remove,
        [keys.item(name, id), keys.names(name), keys.index(name), keys.definitionBytes],
        [id],
      )
      return removed === 1
    },

    async list(workspace, { limit, after, before }) {
      const index = workspaceKeys(workspace).index(name)
      if (limit !== undefined) {
        const upwards = before !== undefined && after === undefined
        const { items, more } = upwards
          ? await idsAbove(redis, index, before, limit)
          : await idsBelow(redis, index, { after, before, limit })
        return { items: await itemsOf(workspace, items), more }
      }
      const all: T[] = []
      let last = after
      let more = true
      while (more) {
        const ids = await idsBelow(redis, index, { after: last, before, limit: limits.listPage })
        all.push(...(await itemsOf(workspace, ids.items)))
        last = ids.items.at(-1)
        more = ids.more
      }
      return { items: all, more: false }
    },

    async versions(workspace, id, request) {
      const key = workspaceKeys(workspace).item(name, id)
      const fields = await guarded(() => redis.hkeys(key))
      const newest = await guarded(() => redis.hget(key, 'version'))
      if (newest === null) return undefined
      const known = [...new Set([newest, ...fields.filter(isVersion)])].toSorted(newestFirst)
      const { items: wanted, more } = versionsOfPage(known, request)
      const [version, latest, ...older] = await guarded(() =>
        redis.hmget(key, 'version', 'latest', ...wanted),
      )
      const texts = wanted.map((each, i) => older[i] ?? (each === version ? latest : undefined))
      return { items: texts.flatMap((text) => (text == null ? [] : read(text))), more }
    },
  }
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

/** The `limit` ids that come right before `before` in the list: the oldest of those that are newer. */
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

/** Versions as numbers that sort alike. */
function rank(version: string): bigint {
  return version.split('.').reduce((sum, part) => sum * 1_000_000_000n + BigInt(part), 0n)
}
