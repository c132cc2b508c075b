import { dyingWithParent, freePort, redisBinary } from '@longhaul/provision'
import { Redis } from 'ioredis'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tlsFlags } from './certificate-server.ts'
import { startRedis } from './redis-server.ts'

const name = 'main'

type Options = {
  replicas?: number
  flags?: string[]
  /** Words before the command of each server. */
  under?: string[]
  /** How long a primary is silent before the sentinels replace it. */
  downAfterMs?: number
  /** Whether servers, sentinels and the clients of `url` use TLS and show certificates. */
  tls?: boolean
}

/** A primary with replicas, and three sentinels that replace it 1 to 2 seconds after it has stopped. */
export async function startSentinels(options: Options = {}) {
  const { replicas = 1, flags = [], under = [], downAfterMs = 1_000, tls = false } = options
  const start = async (more: string[] = []) => {
    const secure = tls ? await tlsFlags() : undefined
    const replication = tls ? ['--tls-replication', 'yes'] : []
    const own = ['--shutdown-timeout', '0', '--repl-diskless-sync-delay', '0', ...flags]
    const all = [...own, ...replication, ...(secure?.flags ?? []), ...more]
    const server = await startRedis({ flags: all, under })
    return { server, clientPort: secure?.tlsPort ?? server.port }
  }
  const primary = await start()
  const replicaOf = ['--replicaof', `127.0.0.1 ${primary.clientPort}`]
  const followers = await Promise.all(Array.from({ length: replicas }, () => start(replicaOf)))
  const sentinels = await Promise.all(
    [1, 2, 3].map(() => startSentinel({ primaryPort: primary.clientPort, downAfterMs, tls })),
  )
  const all = [primary, ...followers]
  const servers = all.map(({ server }) => server)
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
    url: `redis+sentinel://${sentinels.map(({ clientPort }) => `127.0.0.1:${clientPort}`).join(',')}/${name}`,
    servers,
    /** The ports of the sentinels, without TLS. */
    ports: sentinels.map(({ port }) => port),
    primaryPort,
    /** Kills the primary, and waits until another server is it. */
    async failOver(): Promise<void> {
      const before = await primaryPort()
      await all.find(({ clientPort }) => clientPort === before)?.server.kill()
      while ((await primaryPort()) === before) await sleep(50)
    },
    async stop(): Promise<void> {
      any.disconnect()
      await Promise.all(sentinels.map((each) => each.stop()))
      await Promise.all(servers.map((each) => each.stop()))
    },
  }
}

type Sentinel = { primaryPort: number; downAfterMs: number; tls: boolean }

async function startSentinel({ primaryPort, downAfterMs, tls }: Sentinel) {
  const dir = await mkdtemp(join(tmpdir(), 'longhaul-sentinel-'))
  const port = (await freePort()) ?? 0
  const file = join(dir, 'sentinel.conf')
  const secure = tls ? await tlsFlags() : undefined
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${dir}`,
    `logfile ${join(dir, 'log')}`,
    `sentinel monitor ${name} 127.0.0.1 ${primaryPort} 2`,
    `sentinel down-after-milliseconds ${name} ${downAfterMs}`,
    `sentinel failover-timeout ${name} 5000`,
    ...(secure === undefined ? [] : ['tls-replication yes', ...linesOf(secure.flags)]),
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
    clientPort: secure?.tlsPort ?? port,
    async stop(): Promise<void> {
      child.kill()
      await exited
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** The lines of a configuration file for flags of a command: `--name value`. */
function linesOf(flags: string[]): string[] {
  return flags
    .join('\n')
    .replaceAll(/--(.+)\n/g, '$1 ')
    .split('\n')
}
