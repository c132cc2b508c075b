import { shardOf, type UsageBucket } from '@longhaul/core'

/** The name of every shard's BullMQ queue of tickets. */
export const queueName = 'tickets'

/** The name of the queue in which earlier versions had one job for each turn. */
export const formerQueueName = 'queue'

/**
 * The keys after their shard's tag that a script builds for a task or a lane that it chooses itself. A lane is the
 * backlog of one fairness key of a workspace.
 */
export const keyPatterns = {
  head: ':task:<task>',
  log: ':task:<task>:log',
  deltas: ':task:<task>:deltas',
  /** A hash: limits, weight and virtual time of a workspace, and what each of its keys uses. */
  workspaceState: ':workspace:<workspace>',
  /** The turns of a workspace that hold a slot. */
  runningTurns: ':running:<workspace>',
  /** The tasks of a workspace, of an agent, and of a label of a workspace. */
  taskIndex: ':tasks:<workspace>',
  agentIndex: ':by-agent:<agent>',
  labelIndex: ':by-label:<workspace>:<label>',
  /** The keys of a workspace that can start a turn, in the order in which they are served. */
  keyRing: ':keys:<workspace>',
  /**
   * The queued turns of a lane, in the order in which they start. Those whose models are of a class with a rate have
   * the key `<key>~<class>`.
   */
  backlog: ':backlog:<workspace>:<key>',
  /**
   * Sets of the shard, of which `shardKeys` tells the content. A script that rarely uses one builds its name, since each
   * key that is sent costs every call.
   */
  ring: ':ring',
  scheduler: ':scheduler',
  leases: ':leases',
  deadlines: ':deadlines',
  purges: ':forget',
  tickets: `:${queueName}:wait`,
  wake: ':wake',
  metadataBytes: ':notes',
  due: ':due',
  expiries: ':expiries',
  workspaces: ':workspaces',
  returned: ':returned',
  newer: ':newer',
  closed: ':closed',
  broken: ':broken',
  workers: ':workers',
  outbox: ':outbox',
  failed: ':failed',
  answers: ':answers',
  /** The open streams of each workspace in an API process. */
  streams: ':<process>',
  /** The noted events of turns. */
  events: ':events',
  uncounted: ':uncounted',
  /** A delivery of a workspace. */
  delivery: ':delivery:<id>',
} as const

/** What `lib/ring.lua` uses. */
export const ringKeys = ['ring', 'scheduler'] as const
export const ringPatterns = [
  'workspaceState',
  'runningTurns',
  'keyRing',
  'backlog',
  'due',
  'expiries',
  'workspaces',
  'returned',
  'newer',
  'closed',
  'events',
] as const

/** What `lib/accept.lua` uses. */
export const acceptPatterns = [
  ...ringPatterns,
  'taskIndex',
  'agentIndex',
  'labelIndex',
  'metadataBytes',
] as const

/** What `lib/claim.lua` uses. Every turn runs its scripts, so they build the names of these sets, and keep them. */
export const claimKeys = ['ring'] as const
export const claimSets = ['scheduler', 'leases', 'deadlines', 'wake'] as const
export const claimPatterns = [...ringPatterns, 'head', 'log', 'deltas', 'workers'] as const

/** What `lib/claim-next.lua` uses. */
export const nextPatterns = [...claimPatterns, 'broken'] as const

/** What `lib/finish.lua` uses, besides `ringPatterns`. */
export const finishPatterns = ['outbox', 'failed', 'answers', 'uncounted'] as const

/** The prefix of all keys of one installation. */
let prefix = 'lh'

/**
 * Sets the namespace of this process, before it creates a key. It is global, because as a parameter it would pass
 * through every function that uses Redis.
 */
export function useNamespace(name: string): void {
  if (name !== prefix && made.length > 0) throw new Error('keys have been named already')
  prefix = name
}

export function namespace(): string {
  return prefix
}

/**
 * The purpose of a connection.
 *
 * - `requests` fails quickly, so that the caller receives a 503 at once.
 * - `work` waits until Redis is available again.
 * - `bulk` transfers large values, which take longer, and delays nothing else.
 * - `queue` and `wake` may be silent for as long as a blocking read. The read of a lost `wake` connection fails,
 * because its reader must then catch up.
 * - `check` sends one command to a Redis that may be loading, and does not reconnect.
 */
export type Role = 'requests' | 'work' | 'bulk' | 'queue' | 'wake' | 'check'

/** The name of a connection in the client list of Redis. */
export function clientName(role: Role): string {
  return prefix === 'lh' ? `longhaul-${role}` : `longhaul-${prefix}-${role}`
}

/** The largest number of shards that a process has had. */
export function shardCount(): string {
  return `{${prefix}:shards}`
}

/** A hash: the buckets of the operator's rates of models, which all workspaces and shards share. */
export function operatorRates(): string {
  return `{${prefix}:rates}`
}

/** The mark of the installation that owns the namespace. */
export function installationMark(): string {
  return `{${prefix}:installation}`
}

/** The latest beat of an API process that serves requests which wait. */
export function apiBeat(process: string): string {
  return `{${prefix}:apis}:${process}`
}

/** The keys of the queue of deliveries share a hash tag. A member or field names an endpoint: `<workspace> <id>`. */
export function deliveryKeys() {
  const tag = `{${prefix}:webhooks}`
  return {
    tag,
    /** Endpoints with deliveries that are due, by the time when they are. */
    dueEndpoints: `${tag}:due`,
    /** Endpoints that a worker serves, by the time when it loses them, and a hash of these workers. */
    served: `${tag}:served`,
    holders: `${tag}:holders`,
    /** A hash: how often a delivery was put for an endpoint that has some. */
    marks: `${tag}:marks`,
    tickets: `${tag}:${deliveryQueueName}:wait`,
    /** A hash: workspaces whose events are noted, and in how many shards. */
    listeners: `${tag}:listeners`,
    /** A set: workspaces with noted events outside of tasks; and a key that exists until the next sweep for others. */
    noted: `${tag}:noted`,
    swept: `${tag}:swept`,
    /** A key that exists until the next sweep for endpoints that were lost from the order. */
    sweptEndpoints: `${tag}:swept-endpoints`,
  }
}

/** The name of the BullMQ queue of deliveries. */
export const deliveryQueueName = 'deliveries'

/** The keys of one shard share its hash tag, so every script uses one slot only. */
export function shardKeys(shard: number): ShardKeys {
  return (made[shard] ??= makeShardKeys(shard))
}

export type ShardKeys = ReturnType<typeof makeShardKeys>
const made: ShardKeys[] = []

function makeShardKeys(shard: number) {
  const tag = `{${prefix}:s${shard}}`
  const queue = `${tag}:${queueName}:`
  const formerQueue = `${tag}:${formerQueueName}:`
  return {
    tag,
    wake: `${tag}:wake`,
    cancels: `${tag}:cancels`,
    leases: `${tag}:leases`,
    deadlines: `${tag}:deadlines`,
    /** Ended tasks, by purge time. */
    purges: `${tag}:forget`,
    /** The worker process that currently purges the shard. */
    purger: `${tag}:purger`,
    /** Tasks whose latest turn has failed, by the time of the failure. */
    failed: `${tag}:failed`,
    /** Failed turns to be redriven, by due time. */
    redrives: `${tag}:redrives`,
    /** Tasks that may have calls that wait for a review: `<workspace>:<task id>`. */
    reviews: `${tag}:reviews`,
    /**
     * Ended tasks of sub-agents whose callers wait: `<task id> <parent task> <its turn> <its call>`, by the time when a
     * reconciler delivers the answer.
     */
    answers: `${tag}:answers`,
    /** Worker processes, by their last heartbeat. */
    workers: `${tag}:workers`,
    /** Deleted agents whose tasks are cancelled, and deleted agents whose tasks are deleted, by the time of deletion. */
    deletedAgents: `${tag}:deleted-agents`,
    agentsToPurge: `${tag}:agents-to-purge`,
    /** Bytes of the large metadata of each workspace's tasks. */
    metadataBytes: `${tag}:notes`,
    /** Schedules of agents, by the time when a worker must look at them. */
    dueSchedules: `${tag}:due-schedules`,
    schedulesOfWorkspace: (workspace: string) => `${tag}:schedules:${workspace}`,
    schedulesOfAgent: (agentId: string) => `${tag}:schedules-of:${agentId}`,
    tasksOf: (workspace: string) => `${tag}:tasks:${workspace}`,
    byAgent: (agentId: string) => `${tag}:by-agent:${agentId}`,
    byLabel: (workspace: string, label: string) => `${tag}:by-label:${workspace}:${label}`,
    /**
     * What can start a turn, in the order in which it is served: workspaces, and four special members that
     * `lib/ring.lua` describes.
     */
    ring: `${tag}:ring`,
    /** A hash: the virtual time of the shard, and the latest claim of each slot. */
    scheduler: `${tag}:scheduler`,
    /** Workspaces that have a state in this shard. */
    workspaces: `${tag}:workspaces`,
    /** Queued turns that a worker had before, by the time from which on they may start. They come before the others. */
    returned: `${tag}:returned`,
    /** Queued turns that only a newer version can run, by that version. */
    newer: `${tag}:newer`,
    /** Queued turns that may not start yet, by the time at which a claim examines them. */
    due: `${tag}:due`,
    /** Turns that no worker has had yet and that fail when they still wait then. */
    expiries: `${tag}:expiries`,
    /** Turns that a claim could not read, by the time of the claim. */
    broken: `${tag}:broken`,
    /** Lanes whose turns all wait for the rates of their models, `<key> <workspace>`, by the time when one may start. */
    closed: `${tag}:closed`,
    /** The noted events of turns, by the time when a worker takes them. */
    events: `${tag}:events`,
    /** A list: turns that have ended and that no bucket of usage counts yet, the earliest first. */
    uncounted: `${tag}:uncounted`,
    /**
     * A hash: the counts of a bucket of usage by name. With `by`, those of each agent, model or identity as one text; '' has
     * those of the others.
     */
    usage: ({ workspace, grain, start, by }: UsageBucket) =>
      `${tag}:usage:${workspace}:${grain}:${start}${by === undefined ? '' : `:${by}`}`,
    workspaceState: (workspace: string) => `${tag}:workspace:${workspace}`,
    runningTurns: (workspace: string) => `${tag}:running:${workspace}`,
    keyRing: (workspace: string) => `${tag}:keys:${workspace}`,
    backlog: (workspace: string, key: string) => `${tag}:backlog:${workspace}:${key}`,
    /** The prefix of the keys of the queue of tickets, and its list of waiting tickets. */
    queue,
    tickets: `${queue}wait`,
    /** What earlier versions write: turns that wait for a job, and the lists of waiting jobs. */
    outbox: `${tag}:outbox`,
    formerQueue,
    formerWait: `${formerQueue}wait`,
    formerPaused: `${formerQueue}paused`,
    formerMeta: `${formerQueue}meta`,
  }
}

/** API processes, by the time of their latest report of open streams. */
export function streamProcesses(): string {
  return `{${prefix}:streams}:processes`
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

/** The keys of one schedule, which is in the shard that its id names. */
export function scheduleKeys(id: string) {
  const { tag, dueSchedules } = shardKeys(shardOf(id))
  const schedule = `${tag}:schedule:${id}`
  return {
    schedule,
    /** A list: what became of its occurrences, the latest first. */
    occurrences: `${schedule}:occurrences`,
    /** A request that has changed it, for a day: a repeat changes nothing. */
    request: (name: string) => `${schedule}:request:${name}`,
    dueSchedules,
  }
}

/** The keys of a workspace. */
export function workspaceKeys(workspace: string) {
  const tag = `{${prefix}:w:${workspace}}`
  return {
    /** Ids of a registry's items by the time of their creation. */
    index: (registry: string) => `${tag}:${registry}s`,
    /** Item key → item id. */
    names: (registry: string) => `${tag}:${registry}s:names`,
    item: (registry: string, id: string) => `${tag}:${registry}:${id}`,
    /** Removed items: last key → item id and item id → last key; and the list of their ids, the oldest removal first. */
    formerNames: (registry: string) => `${tag}:${registry}s:former-names`,
    former: (registry: string) => `${tag}:${registry}s:former`,
    /** The bytes of all items of the registries, with their versions. */
    definitionBytes: `${tag}:definition-bytes`,
    plan: (hash: string) => `${tag}:plan:${hash}`,
    /** Plans with their bytes, by expiry; and the sum of these bytes. */
    plans: `${tag}:plans`,
    planBytes: `${tag}:plan-bytes`,
    idempotency: (hash: string) => `${tag}:idem:${hash}`,
    /** A hash: requests of one content that wait for their answers, and the process that serves each. */
    openRequests: (name: string) => `${tag}:open:${name}`,
    conversation: (hash: string) => `${tag}:conversation:${hash}`,
    /** The hashes of conversations, by expiry. */
    conversations: `${tag}:conversations`,
    /** A hash: the buckets of the workspace's rates of models. */
    rates: `${tag}:rates`,
    /** The noted events outside of tasks, by the time when a worker takes them. */
    events: `${tag}:events`,
    /** Ids of endpoints by the time of their creation; each is a hash. */
    webhooks: `${tag}:webhooks`,
    webhook: (id: string) => `${tag}:webhook:${id}`,
    /** The deliveries of an endpoint by the time of their creation, and those that wait by the time of the next attempt. */
    deliveries: (id: string) => `${tag}:webhook:${id}:deliveries`,
    waiting: (id: string) => `${tag}:webhook:${id}:waiting`,
    delivery: (id: string) => `${tag}:delivery:${id}`,
  }
}

export const apiKeys = {
  get bootstrap() {
    return `{${prefix}:keys}:bootstrap`
  },
  get generation() {
    return `{${prefix}:keys}:generation`
  },
  key: (id: string) => `{${prefix}:keys}:${id}`,
  watchToken: (hash: string) => `{${prefix}:keys}:watch:${hash}`,
  usedLink: (hash: string) => `{${prefix}:keys}:used-link:${hash}`,
  /** The hashes of a workspace's watch tokens, by expiry. */
  watchTokens: (workspace: string) => `{${prefix}:keys}:watch-tokens:${workspace}`,
}
