import { startRedis } from '@longhaul/testbed/servers'
import { Redis } from 'ioredis'
import { cp, link, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { lossOf, type Failover } from '../evidence/lost-facts.ts'
import { type ChaosRedis, type RedisNode, replicaOf, roleOf, untilWhole } from './redis-form.ts'
import { readProgress, readRequests, readTasks } from './read-tasks.ts'

type Options = {
  /** Kills the primary, or stops it as a frozen machine does. */
  how: 'killed' | 'frozen'
  /** How long the primary is away; until a replica has replaced it when undefined. */
  ms?: number
  /** How long the replica receives nothing before, milliseconds: so long are the writes that are lost. */
  lagMs?: number
}

/**
 * Stops a primary for a while, or until its replica has taken over. Then the old primary follows the new one, and the
 * result states what was lost: what the old primary had, and the replica had not received.
 */
export async function interrupt(
  store: ChaosRedis,
  node: RedisNode,
  { how, ms, lagMs = 0 }: Options,
): Promise<Failover | undefined> {
  const replica = await replicaOf(store, node)
  if (replica === undefined) throw new Error('a primary without a replica cannot be replaced')
  const from = Date.now()
  const files = await mkdtemp(join(tmpdir(), 'longhaul-former-'))
  let isAway = false
  try {
    await store.holdElection(replica, true)
    if (lagMs > 0) await cutOff(replica, lagMs)
    isAway = true
    await stop(node, how)
    if (lagMs > 0) await retry(() => replica.redis.config('SET', 'masterauth', ''))
    await linkFiles(node, files)
    const received = await readReplica(store, replica)
    await store.holdElection(replica, false)
    if (ms === undefined) await untilPrimary(replica)
    else await sleep(ms)
    isAway = false
    await resume(node, how)
    const isReplaced = (await roleOf(replica))?.[0] === 'master'
    if (isReplaced) await retry(() => store.follow(node, replica))
    await untilWhole(store)
    if (!isReplaced) return undefined
    return { from, to: Date.now(), ...lossOf(await readFiles(files), received) }
  } finally {
    // It must not stay away when something has failed.
    if (isAway) await resume(node, how)
    await rm(files, { recursive: true, force: true })
  }
}

/** Cuts a replica off from its primary: it may not log in any more. */
async function cutOff({ redis }: RedisNode, ms: number): Promise<void> {
  await redis.config('SET', 'masterauth', 'wrong')
  await redis.call('CLIENT', 'KILL', 'TYPE', 'master')
  await sleep(ms)
}

async function stop({ server }: RedisNode, how: Options['how']): Promise<void> {
  if (how === 'killed') await server.kill()
  else process.kill(server.pid ?? 0, 'SIGSTOP')
}

async function resume({ server }: RedisNode, how: Options['how']): Promise<void> {
  if (how === 'killed') await server.restart()
  else process.kill(server.pid ?? 0, 'SIGCONT')
}

/** What the replica had received when its primary stopped. It must not have taken over yet. */
async function readReplica(store: ChaosRedis, { server }: RedisNode) {
  // What the primary has sent may still be on its way.
  await sleep(150)
  const redis = new Redis(server.url, { maxRetriesPerRequest: 0 })
  redis.on('error', () => {})
  try {
    if (store.form === 'cluster') await redis.readonly()
    const received = { tasks: await readProgress(redis), requests: await readRequests(redis) }
    if ((await redis.role())[0] === 'slave') return received
    throw new Error('a replica took over before it was read')
  } finally {
    redis.disconnect()
  }
}

async function untilPrimary(node: RedisNode): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(50)) {
    if ((await roleOf(node))?.[0] === 'master') return
  }
  throw new Error('no replica took over within 30 s')
}

async function retry(act: () => Promise<unknown>): Promise<void> {
  for (let left = 100; ; left -= 1) {
    try {
      await act()
      return
    } catch (error) {
      if (left === 0) throw error
      await sleep(50)
    }
  }
}

const logFolder = 'appendonlydir'

/** Links the append-only files, which the server replaces when it follows another one. */
async function linkFiles({ server }: RedisNode, folder: string): Promise<void> {
  await mkdir(join(folder, logFolder))
  for (const name of await readdir(join(server.dir, logFolder))) {
    await link(join(server.dir, logFolder, name), join(folder, logFolder, name))
  }
}

/** Reads append-only files by a server of their own. It works on a copy, because it may truncate them. */
async function readFiles(files: string) {
  const dir = await mkdtemp(join(tmpdir(), 'longhaul-former-'))
  await cp(join(files, logFolder), join(dir, logFolder), { recursive: true })
  const server = await startRedis({ dir })
  const redis = new Redis(server.url)
  try {
    return { tasks: await readTasks(redis), requests: await readRequests(redis) }
  } finally {
    redis.disconnect()
    await server.stop()
    await rm(dir, { recursive: true, force: true })
  }
}
