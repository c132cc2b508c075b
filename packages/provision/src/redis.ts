import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { redisBinary, type RedisBinary } from './redis-binary.ts'
import { dockerAnswers, startContainer } from './redis-container.ts'
import { startServer, type RunningRedis } from './redis-server.ts'

type Options = {
  dir: string
  port?: number | undefined
  flags?: string[]
  under?: string[]
  signal?: AbortSignal | undefined
}

/** Starts a Redis on 127.0.0.1. Its data stays in `dir` after it exits. */
export const startRedis = async (options: Options): Promise<RunningRedis> => {
  const { dir, port, flags = [], under = [], signal } = options
  const launch = { dir: resolve(dir), port, flags, under, signal }
  await mkdir(launch.dir, { recursive: true, mode: 0o700 })
  const binary = await binaryOnce(signal)
  if (binary !== undefined) return startServer(binary, launch)
  if (await dockerAnswers()) return startContainer(launch)
  throw new Error(
    'no Redis: install one of 7.0 or newer (apt-get install redis-server, brew install' +
      ' redis), or start Docker, or set REDIS_URL to a Redis of yours',
  )
}

let found: Promise<RedisBinary | undefined> | undefined
const binaryOnce = (signal?: AbortSignal) => (found ??= redisBinary({ signal }))
