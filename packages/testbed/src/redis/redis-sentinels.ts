import { dyingWithParent, freePort, redisBinary } from '@longhaul/provision'
import { Redis } from 'ioredis'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedis } from './redis-server.ts'

const name = 'main'

type Options = {
  replicas?: number
  flags?: string[]
  /** Words before the command of each server. */
  under?: string[]
  /** How long a primary is silent before the sentinels replace it. */
  downAfterMs?: number
}

/** A primary with replicas, and three sentinels that replace it 1 to 2 seconds after it has stopped. */
export async function startSentinels(options: Options = {}) {
  const { replicas = 1, flags = [], under = [], downAfterMs = 1_000 } = options
  const own = ['--shutdown-timeout', '0', '--repl-diskless-sync-delay', '0', ...flags]
  const primary = await startRedis({ flags: own, under })
  const followers = await Promise.all(
    Array.from({ length: replicas }, () =>
      startRedis({ flags: [...own, '--replicaof', `127.0.0.1 ${primary.port}`], under }),
    ),
  )
  const sentinels = await Promise.all([1, 2, 3].map(() => startSentinel(primary.port, downAfterMs)))
  const servers = [primary, ...followers]
  const any = new Redis({ port: sentinels[0]?.port ?? 0, maxRetriesPerRequest: null, protocol: 2 })
  any.on('error', () => {})
  const fieldsOf = async () => String(await any.call('SENTINEL', 'CKQUORUM', name).catch(String))
  while (!(await fieldsOf()).startsWith('OK 3')) await sleep(50)
  while (((await any.call('SENTINEL', 'REPLICAS', name)) as unknown[]).length < replicas) {
    await sleep(50)
  }

  async function primaryPort(): Promise<number> {
    const reply = await any.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name)
    return Number((reply as string[])[1])
  }

  return {
    url: `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${name}`,
    servers,
    /** The ports of the sentinels. */
    ports: sentinels.map(({ port }) => port),
    primaryPort,
    /** Kills the primary, and waits until another server is it. */
    async failOver(): Promise<void> {
      const before = await primaryPort()
      await servers.find(({ port }) => port === before)?.kill()
      while ((await primaryPort()) === before) await sleep(50)
    },
    async stop(): Promise<void> {
      any.disconnect()
      await Promise.all(sentinels.map((each) => each.stop()))
      await Promise.all(servers.map((each) => each.stop()))
    },
  }
}

async function startSentinel(primaryPort: number, downAfterMs: number) {
  const dir = await mkdtemp(join(tmpdir(), 'longhaul-sentinel-'))
  const port = (await freePort()) ?? 0
  const file = join(dir, 'sentinel.conf')
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${dir}`,
    `logfile ${join(dir, 'log')}`,
    `sentinel monitor ${name} 127.0.0.1 ${primaryPort} 2`,
    `sentinel down-after-milliseconds ${name} ${downAfterMs}`,
    `sentinel failover-timeout ${name} 5000`,
  ]
  await writeFile(file, lines.join('\n'))
  const binary = await redisBinary()
  if (binary === undefined) throw new Error('sentinels need a redis-server on this machine')
  const [command, ...words] = [...(await dyingWithParent()), binary.command, file, '--sentinel']
  const env = { ...process.env, LD_LIBRARY_PATH: binary.libraries ?? '' }
  const child = spawn(command, words, { stdio: 'ignore', env })
  const exited = once(child, 'exit')
  return {
    port,
    async stop(): Promise<void> {
      child.kill()
      await exited
      await rm(dir, { recursive: true, force: true })
    },
  }
}
