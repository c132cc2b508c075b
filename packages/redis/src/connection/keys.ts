import { shardOf } from '@longhaul/core'

/** The name of every shard's BullMQ queue. */
export const queueName = 'queue'

/** The keys of a queue that BullMQ's addStandardJob asks for, by the names that the scripts have for them. */
export const queueKeys = [
  'queueWait',
  'queuePaused',
  'queueMeta',
  'queueId',
  'queueCompleted',
  'queueDelayed',
  'queueActive',
  'queueEvents',
  'queueMarker',
] as const

/** The keys of a task behind its shard's tag, for scripts that choose the task themselves. */
export const taskPatterns = {
  head: ':task:<task>',
  log: ':task:<task>:log',
  deltas: ':task:<task>:deltas',
} as const

/** What the names of all keys begin with, of one installation. */
let chosen = 'lh'

/**
 * Chooses the namespace of this process, before it names a key. A process has one: as a parameter it would pass
 * through every function that touches Redis.
 */
export function useNamespace(name: string): void {
  if (name !== chosen && made.length > 0) throw new Error('keys have been named already')
  chosen = name
}

export function namespace(): string {
  return chosen
}

/** Names a connection, for whoever lists the clients of Redis. */
export function clientName(role: string): string {
  return chosen === 'lh' ? `longhaul-${role}` : `longhaul-${chosen}-${role}`
}

/** The largest number of shards that a process has had. */
export function shardCount(): string {
  return `{${chosen}:shards}`
}

/** Whose the namespace is. */
export function installationMark(): string {
  return `{${chosen}:installation}`
}

/** The keys of one shard share its hash tag, so that every script touches one slot. */
export function shardKeys(shard: number): ShardKeys {
  return (made[shard] ??= makeShardKeys(shard))
}

export type ShardKeys = ReturnType<typeof makeShardKeys>
const made: ShardKeys[] = []

function makeShardKeys(shard: number) {
  const tag = `{${chosen}:s${shard}}`
  const queue = `${tag}:${queueName}:`
  return {
    tag,
    wake: `${tag}:wake`,
    cancels: `${tag}:cancels`,
    outbox: `${tag}:outbox`,
    leases: `${tag}:leases`,
    deadlines: `${tag}:deadlines`,
    /** Ended tasks, by when they are purged. */
    purges: `${tag}:forget`,
    /** The worker process that purges the shard now. */
    purger: `${tag}:purger`,
    /** Tasks whose latest turn has failed, by when it did. */
    failed: `${tag}:failed`,
    /** Failed turns to be redriven, by when. */
    redrives: `${tag}:redrives`,
    /** Tasks that may have calls that wait for a review: `<workspace>:<task id>`. */
    reviews: `${tag}:reviews`,
    /** Ended tasks of sub-agents whose callers wait: `<task id> <the caller's> <its turn> <its call>`, by when a reconciler looks. */
    answers: `${tag}:answers`,
    /** Worker processes, by their last beat. */
    workers: `${tag}:workers`,
    /** Deleted agents whose tasks are cancelled, and those whose tasks are deleted, by when they were deleted. */
    deletedAgents: `${tag}:deleted-agents`,
    agentsToPurge: `${tag}:agents-to-purge`,
    /** Bytes of the large metadata of each workspace's tasks. */
    metadataBytes: `${tag}:notes`,
    tasksOf: (workspace: string) => `${tag}:tasks:${workspace}`,
    byAgent: (agentId: string) => `${tag}:by-agent:${agentId}`,
    byLabel: (workspace: string, label: string) => `${tag}:by-label:${workspace}:${label}`,
    /** What the names of the queue's keys begin with. */
    queue,
    queueWait: `${queue}wait`,
    queuePaused: `${queue}paused`,
    queueMeta: `${queue}meta`,
    queueId: `${queue}id`,
    queueCompleted: `${queue}completed`,
    queueDelayed: `${queue}delayed`,
    queueActive: `${queue}active`,
    queueEvents: `${queue}events`,
    queueMarker: `${queue}marker`,
  }
}

/** The keys of one task, with those of its shard. */
export function taskKeys(taskId: string) {
  const shard = shardKeys(shardOf(taskId))
  const head = `${shard.tag}:task:${taskId}`
  return {
    ...shard,
    head,
    log: `${head}:log`,
    deltas: `${head}:deltas`,
    blob: (sha256: string) => `${head}:blob:${sha256}`,
  }
}

/** The keys of what belongs to a workspace as a whole. */
export function workspaceKeys(workspace: string) {
  const tag = `{${chosen}:w:${workspace}}`
  return {
    /** Ids of a registry's items by the time of their creation. */
    index: (registry: string) => `${tag}:${registry}s`,
    /** Item key → item id. */
    names: (registry: string) => `${tag}:${registry}s:names`,
    item: (registry: string, id: string) => `${tag}:${registry}:${id}`,
    /** Of removed items: last key → item id and item id → last key; and their ids, the oldest removal first. */
    formerNames: (registry: string) => `${tag}:${registry}s:former-names`,
    former: (registry: string) => `${tag}:${registry}s:former`,
    /** The bytes of all items of the registries, with their versions. */
    definitionBytes: `${tag}:definition-bytes`,
    plan: (hash: string) => `${tag}:plan:${hash}`,
    /** Plans with their bytes, by when they end; and the sum of these bytes. */
    plans: `${tag}:plans`,
    planBytes: `${tag}:plan-bytes`,
    idempotency: (hash: string) => `${tag}:idem:${hash}`,
    conversation: (hash: string) => `${tag}:conversation:${hash}`,
    /** The hashes of conversations, by when they end. */
    conversations: `${tag}:conversations`,
  }
}

export const apiKeys = {
  get bootstrap() {
    return `{${chosen}:keys}:bootstrap`
  },
  get generation() {
    return `{${chosen}:keys}:generation`
  },
  key: (id: string) => `{${chosen}:keys}:${id}`,
  watchToken: (hash: string) => `{${chosen}:keys}:watch:${hash}`,
  /** The hashes of a workspace's watch tokens, by when they expire. */
  watchTokens: (workspace: string) => `{${chosen}:keys}:watch-tokens:${workspace}`,
}
