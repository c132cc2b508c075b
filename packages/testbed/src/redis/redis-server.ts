import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedis as launch } from '@longhaul/provision'

type Options = { dir?: string; port?: number; flags?: string[]; under?: string[] }

/**
 * A Redis of a test's own, which the test may kill with SIGKILL and restart on the same data and port. `flags`
 * are those of redis-server: `['--maxmemory', '8mb']`. `under` are words before its command.
 */
export const startRedis = async ({ dir, port, flags = [], under = [] }: Options = {}) => {
  const data = dir ?? (await mkdtemp(join(tmpdir(), 'longhaul-redis-')))
  let server = await launch({ dir: data, port, flags, under })
  return {
    url: server.url,
    port: server.port,
    /** The folder of its data. */
    dir: data,
    get pid() {
      return server.pid
    },
    kill: () => server.kill(),
    restart: async () => {
      await server.stop()
      server = await launch({ dir: data, port: server.port, flags, under })
    },
    stop: async () => {
      await server.stop()
      if (dir === undefined) await rm(data, { recursive: true, force: true })
    },
  }
}
