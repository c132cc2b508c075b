import type { ScanPart } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { apiKeys, shardKeys, workspaceKeys } from '../../connection/keys.ts'
import { parseJobId } from '../../queue/job-id.ts'
import { guarded } from '../../connection/unavailable.ts'
import type { IndexEntry } from './check-task.ts'

/**
 * A page of a part of a shard: entries of tasks to check, leases, and workspaces whose slots and place are to be
 * checked. `checksTickets` is set once for each shard. `next` is where the part continues.
 */
export type PartPage = {
  indexEntries: IndexEntry[]
  leases: string[]
  workspaces: string[]
  broken: string[]
  /** Schedules, each with the workspace whose index lists it. */
  schedules: { id: string; workspace: string }[]
  checksTickets?: boolean
  next?: string
}

type Part = (at: string, shard: number) => Promise<PartPage>

/** The approximate number of entries of a page. */
const pageSize = 100

/** Everything in a shard that refers to a task or a job, part by part. */
export function partsOf(redis: Redis): Record<ScanPart, Part> {
  /** Reads members of a sorted set. A member that exists during the whole scan is returned at least once. */
  async function members(key: string, at: string) {
    const [cursor, flat] = await guarded(() => redis.zscan(key, numberIn(at), 'COUNT', pageSize))
    const found = flat.filter((_, index) => index % 2 === 0)
    return { found, ...(cursor !== '0' && { next: cursor }) }
  }

  function set(
    keyOf: (shard: number) => string,
    read: (member: string) => Partial<PartPage>,
  ): Part {
    return async (at, shard) => {
      const { found, ...page } = await members(keyOf(shard), at)
      return { ...merged(found.map(read)), ...page }
    }
  }

  /** Reads indexes one after the other. The cursor is the number of the index, and the cursor within it. */
  function indexes(
    read: (shard: number) => Promise<string[]>,
    entryOf: (member: string, key: string) => IndexEntry,
  ): Part {
    const known = new Map<number, Promise<string[]>>()
    const keysOf = (shard: number) => {
      const keys = known.get(shard) ?? read(shard)
      known.set(shard, keys)
      return keys
    }
    return async (at, shard) => {
      const [number = '', within = ''] = at.split(':')
      const index = numberIn(number)
      const keys = await keysOf(shard)
      const key = keys[index]
      if (key === undefined) return merged([])
      const { found, next } = await members(key, within)
      const indexEntries = found.map((member) => entryOf(member, key))
      const following = next === undefined ? `${index + 1}` : `${index}:${next}`
      return { ...merged([{ indexEntries }]), next: following }
    }
  }

  return {
    queued: indexes(
      async (shard) => await backlogsOf(redis, shard),
      (job, key) => ({ taskId: taskOf(job), queued: { job, set: key } }),
    ),
    leases: set(
      (shard) => shardKeys(shard).leases,
      (lease) => ({ indexEntries: [{ taskId: taskOf(lease), lease }], leases: [lease] }),
    ),
    deadlines: set(
      (shard) => shardKeys(shard).deadlines,
      (deadline) => ({ indexEntries: [{ taskId: taskOf(deadline), deadline }] }),
    ),
    forget: set(
      (shard) => shardKeys(shard).purges,
      (taskId) => ({ indexEntries: [{ taskId }] }),
    ),
    failed: set(
      (shard) => shardKeys(shard).failed,
      (taskId) => ({ indexEntries: [{ taskId }] }),
    ),
    async workspaces(at, shard) {
      const [cursor, workspaces] = await guarded(() =>
        redis.sscan(shardKeys(shard).workspaces, numberIn(at), 'COUNT', pageSize),
      )
      return { ...merged([{ workspaces }]), ...(cursor !== '0' && { next: cursor }) }
    },
    async tickets(_at, shard) {
      const broken = await guarded(() => redis.zrange(shardKeys(shard).broken, '0', '99'))
      return { ...merged([{ broken }]), checksTickets: true }
    },
    tasks: indexes(async (shard) => {
      const workspaces = await workspacesOf(redis)
      return workspaces.map(shardKeys(shard).tasksOf)
    }, listed),
    agents: indexes(async (shard) => {
      const workspaces = await workspacesOf(redis)
      const agents = await guarded(() =>
        Promise.all(
          workspaces.map((workspace) =>
            redis.zrange(workspaceKeys(workspace).index('agent'), '0', '-1'),
          ),
        ),
      )
      return agents.flat().map(shardKeys(shard).byAgent)
    }, listed),
    'due-schedules': set(
      (shard) => shardKeys(shard).dueSchedules,
      (id) => ({ schedules: [{ id, workspace: '' }] }),
    ),
    async schedules(at, shard) {
      // The cursor is the number of the workspace, and the cursor within its index.
      const [number = '', within = ''] = at.split(':')
      const index = numberIn(number)
      const workspace = (await workspacesOf(redis))[index]
      if (workspace === undefined) return merged([])
      const { found, next } = await members(
        shardKeys(shard).schedulesOfWorkspace(workspace),
        within,
      )
      const following = next === undefined ? `${index + 1}` : `${index}:${next}`
      return { ...merged([{ schedules: found.map((id) => ({ id, workspace })) }]), next: following }
    },
  }
}

const listed = (taskId: string, index: string): IndexEntry => ({ taskId, index })

/** The keys of all backlogs of a shard. */
async function backlogsOf(redis: Redis, shard: number): Promise<string[]> {
  const { workspaces, workspaceState, keyRing, backlog, returned, newer, due } = shardKeys(shard)
  const names = await guarded(() => redis.smembers(workspaces))
  const lanes = names.toSorted().map(async (workspace) => {
    const [fields, ring, stored] = await guarded(() =>
      Promise.all([
        redis.hkeys(workspaceState(workspace)),
        redis.zrange(keyRing(workspace), '0', '-1'),
        redis.hget(workspaceState(workspace), 'classes'),
      ]),
    )
    const classes = stored === null ? [] : stored.split(' ').map((name) => `~${name}`)
    const used = fields.filter((field) => field.startsWith('k:')).map((field) => field.slice(2))
    const waiting = ring.map((member) => member.slice(member.indexOf(':') + 1))
    return [...new Set(['', ...used, ...waiting])].flatMap((key) =>
      ['', ...classes].map((name) => backlog(workspace, key + name)),
    )
  })
  return [returned, newer, due, ...(await Promise.all(lanes)).flat()]
}

/** The workspaces that have a key, in a fixed order. */
export async function workspacesOf(redis: Redis): Promise<string[]> {
  return await guarded(async () => {
    const ids = await redis.smembers(apiKeys.bootstrap)
    const names = await Promise.all(ids.map((id) => redis.hget(apiKeys.key(id), 'workspace')))
    return [...new Set(names.filter((name) => name !== null))].toSorted()
  })
}

function merged(pages: Partial<PartPage>[]): PartPage {
  return {
    indexEntries: pages.flatMap(({ indexEntries = [] }) => indexEntries),
    leases: pages.flatMap(({ leases = [] }) => leases),
    workspaces: pages.flatMap(({ workspaces = [] }) => workspaces),
    broken: pages.flatMap(({ broken = [] }) => broken),
    schedules: pages.flatMap(({ schedules = [] }) => schedules),
  }
}

/** The number at the beginning of a cursor; 0 for an empty cursor. */
function numberIn(at: string): number {
  return Number.parseInt(at, 10) || 0
}

/** The task of a job's id or of a deadline. */
function taskOf(member: string): string {
  return parseJobId(member.replace(/:\w+$/, '.0'))?.taskId ?? ''
}
