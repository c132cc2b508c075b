import {
  startApp,
  startMcpServer,
  startRedis,
  startScriptedModel,
  startScriptedServer,
  testKey,
} from '@longhaul/testbed/servers'
import { Redis } from 'ioredis'
import { installVersion } from '@longhaul/testbed/servers'
import { createClient } from './client.ts'
import { environmentOf } from './environment.ts'
import { type Reply, saveFixture } from './fixture.ts'
import {
  behave,
  type Made,
  makeEnded,
  makeLive,
  makeResponses,
  makeWaiting,
  pathOf,
} from './make-tasks.ts'
import { makeRegistries } from './make-registries.ts'
import { pathsOf } from './paths.ts'
import { readKeys } from './snapshot.ts'

// Fills a Redis with another version, and stores its content: `node tests/upgrade/fill.ts <version>`.

const [, , ref = 'HEAD'] = process.argv
const say = (text: string) => process.stdout.write(`${text}\n`)
await using ends = new AsyncDisposableStack()

const installation = await installVersion(ref, { say, signal: AbortSignal.timeout(600_000) })
ends.defer(installation.remove)
const redisServer = await startRedis()
ends.defer(redisServer.stop)
const model = await startScriptedModel({ decide: behave })
ends.defer(() => model.close())
const service = await startScriptedServer()
ends.defer(() => service.close())
const mcp = await startMcpServer()
ends.defer(() => mcp.close())

const environment = environmentOf(redisServer.url, model)
const api = await startApp('api', environment, { installation })
ends.defer(api.kill)
const worker = await startApp('worker', environment, { installation })
ends.defer(worker.kill)

const client = createClient(api.url, testKey)
const reached = { service: new URL(service.url).host, mcp: new URL(mcp.url).host }
await makeRegistries(client, reached)
say('create registries')
const ended = await makeEnded(client)
say('create ended tasks')
const responses = await makeResponses(client)
const alive = await makeLive(client)
say('create live tasks')
await worker.kill()
const tasks = {
  ...ended,
  ...responses,
  ...alive,
  ...(await makeWaiting(client, { stopping: alive.stopping, scheduled: ended.scheduled })),
}
const { token } = await client.made('POST', `${pathOf(tasks.completed)}/watch-token`, {
  expires_in: 3_600,
})
const made: Made = { tasks, watchToken: String(token) }

const replies: Reply[] = []
for (const path of pathsOf(made)) {
  const { status, text } = await client.send('GET', path)
  replies.push({ path, status, text })
}
await api.stop()

const redis = new Redis(redisServer.url)
ends.defer(() => redis.disconnect())
const keys = await readKeys(redis)
await saveFixture({ commit: installation.commit, at: Date.now(), ...reached, made, replies, keys })
say(`stored ${keys.length} keys and ${replies.length} replies`)
