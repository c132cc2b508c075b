import { startFlakyProxy, startRedis } from '@longhaul/testbed/servers'
import { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'

type AtEnd = (step: () => unknown) => void

/** A primary, and a replica whose connection can be cut without either side noticing. */
export async function startReplicated(flags: string[], atEnd: AtEnd) {
  const primary = await startRedis({ flags })
  atEnd(() => primary.stop())
  const link = await startFlakyProxy(primary.url)
  atEnd(() => link.close())
  const from = ['--replicaof', `127.0.0.1 ${new URL(link.url).port}`]
  const replica = await startRedis({
    flags: ['--repl-diskless-sync-delay', '0', '--shutdown-timeout', '0', ...from],
  })
  atEnd(() => replica.stop())
  const follower = new Redis(replica.url)
  atEnd(() => follower.disconnect())
  while (!(await follower.info('replication')).includes('master_link_status:up')) await sleep(20)
  return {
    primary,
    replica,
    follower,
    /** Cuts the replica off for a while, then kills the primary, and makes the replica the primary. */
    failOver: async (lagMs: number): Promise<void> => {
      if (lagMs > 0) link.swallow(true)
      await sleep(lagMs)
      await primary.kill()
      await follower.replicaof('NO', 'ONE')
    },
  }
}
