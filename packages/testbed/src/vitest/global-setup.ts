import { existsSync } from 'node:fs'
import { Redis } from 'ioredis'
import type { TestProject } from 'vitest/node'
import { bringSandbox, dockerAnswers } from '@longhaul/provision'
import { claimDatabase } from '../redis/claim-database.ts'
import { compileCache } from '../processes/app-process.ts'
import { startRedis } from '../redis/redis-server.ts'
import { startCluster } from '../cluster/start-cluster.ts'
import { lane } from '../lib/volume.ts'

declare module 'vitest' {
  interface ProvidedContext {
    redisServer: string
    seed: number
  }
}

/** Provides one Redis for the whole run: the configured one, else a container, else a private local server. */
export default async (project: TestProject) => {
  const seed = Number(
    process.env['TEST_SEED'] ?? new Date().toISOString().slice(0, 10).replaceAll('-', ''),
  )
  process.stdout.write(`longhaul: the ${lane} lane, random tests with TEST_SEED=${seed}\n`)
  project.provide('seed', seed)
  // Without a Redis, the tests that need it fail and report what is missing.
  await bringSandbox()
  const { url, stop } = await chooseRedis()
  await admitUnsafe(url)
  if (!existsSync(compileCache)) await fillCompileCache(url)
  project.provide('redisServer', url)
  return stop
}

const chooseRedis = async () => {
  const given = process.env['REDIS_URL']
  if (given !== undefined && given !== '') return { url: given, stop: () => {} }
  if (await dockerAnswers()) return startContainer()
  return startRedis()
}

const startContainer = async () => {
  // Loading it takes half a second, so it is loaded only if there is a container engine.
  const { GenericContainer } = await import('testcontainers')
  const container = await new GenericContainer('redis:8-alpine')
    .withExposedPorts(6379)
    .withCommand(['redis-server', '--appendonly', 'yes', '--maxmemory-policy', 'noeviction'])
    .start()
  const url = `redis://${container.getHost()}:${container.getMappedPort(6379)}`
  return { url, stop: () => container.stop() }
}

// The processes under test refuse a Redis that may lose data, but a Redis that the tests are given may be one.
const admitUnsafe = async (url: string) => {
  const redis = new Redis(url, { maxRetriesPerRequest: 1, retryStrategy: null })
  redis.on('error', () => {})
  try {
    const info = await redis.info()
    const safe = info.includes('aof_enabled:1') && info.includes('maxmemory_policy:noeviction')
    if (!safe) process.env['LONGHAUL_UNSAFE_REDIS'] = '1'
  } catch (error) {
    throw new Error('no Redis for the tests: REDIS_URL does not answer', { cause: error })
  } finally {
    redis.disconnect()
  }
}

// Node writes the cache when a process exits, and most processes under test are killed.
const fillCompileCache = async (redisServer: string) => {
  const { url: redisUrl, release } = await claimDatabase(redisServer)
  const cluster = await startCluster({ redisUrl })
  await cluster.stop()
  await release()
}
