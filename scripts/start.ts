import { randomBytes } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readConfig, variables } from '@longhaul/process'
import { banner } from './banner.ts'
import { buildDashboard } from './dashboard.ts'
import { createDemoAgent } from './demo-agent.ts'
import { createDemoApi, type DemoApi } from './demo/demo-api.ts'
import { beginDemo, continueDemo, crashWorker } from './demo/run-demo.ts'
import { signInLink } from './sign-in-link.ts'
import {
  bringSandbox,
  endLeftover,
  freePort,
  type RunningRedis,
  startRedis,
  takeLock,
} from '@longhaul/provision'
import { storedSecret } from './kept-secret.ts'
import { startService, type Service } from './service.ts'

// The supervisor: starts Redis, the API and a worker, and stops Redis last.
process.chdir(dirname(import.meta.dirname))
const began = performance.now()
const data = '.data'
const config = readConfig({
  HOST: variables.HOST,
  PORT: variables.PORT,
  WORKER_PORT: variables.WORKER_PORT,
  REDIS_URL: variables.REDIS_URL.optional(),
  LONGHAUL_NAMESPACE: variables.LONGHAUL_NAMESPACE,
  LONGHAUL_API_KEYS: variables.LONGHAUL_API_KEYS.optional(),
  LONGHAUL_SECRET_KEY: variables.LONGHAUL_SECRET_KEY,
  LONGHAUL_OPERATOR_KEY: variables.LONGHAUL_OPERATOR_KEY,
  LONGHAUL_DRAIN_MS: variables.LONGHAUL_DRAIN_MS,
})

const lock = await lockedFolder()
if ('heldBy' in lock) {
  console.error(`longhaul: it already runs from this folder, as process ${lock.heldBy}`)
  process.exit(1)
}

const { release } = lock

let redis: RunningRedis | undefined
const services: Service[] = []
const stopping = new AbortController()
hearSignals()
const status = await supervise()
await release()
if (stopping.signal.aborted) console.error('longhaul: stopped')
process.exit(status)

async function lockedFolder() {
  try {
    await mkdir(data, { recursive: true, mode: 0o700 })
    return await takeLock(`${data}/start.lock`)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    console.error(
      `longhaul: npm start keeps Redis, logs and keys in ${process.cwd()}/${data}, which cannot be written (${why}). ` +
        'Run it as the user who owns that folder, or run `npm run api` and `npm run worker` with REDIS_URL.',
    )
    return process.exit(1)
  }
}

async function supervise(): Promise<number> {
  let failed = false
  try {
    await bringUp(stopping.signal)
    await Promise.race([asked(stopping.signal), ...services.map(death), redisDeath()])
  } catch (error) {
    if (!stopping.signal.aborted) {
      failed = true
      console.error(`longhaul: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  await takeDown()
  return failed ? 1 : 0
}

async function bringUp(signal: AbortSignal) {
  await Promise.all(['api', 'worker'].map((name) => endLeftover(`${data}/${name}.pid`)))
  const port = await freePort(config.PORT, config.HOST)
  if (port === undefined) {
    throw new Error(`${config.HOST}:${config.PORT} is taken: set PORT to another port, or HOST`)
  }
  const workerPort = (await freePort(config.WORKER_PORT, config.HOST)) ?? (await freePort())
  const given = config.LONGHAUL_API_KEYS?.[0]?.key
  const key = given ?? (await storedSecret(`${data}/api-key`, newApiKey))

  const building = dashboard(signal)
  if (config.REDIS_URL === undefined) redis = await startRedis({ dir: `${data}/redis`, signal })
  void sandbox(signal)
  const redisUrl = config.REDIS_URL?.text ?? redis?.url ?? ''
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    REDIS_URL: redisUrl,
    HOST: config.HOST,
    PORT: String(port),
    WORKER_PORT: String(workerPort),
    LONGHAUL_SECRET_KEY:
      config.LONGHAUL_SECRET_KEY?.toString('base64') ??
      (await storedSecret(`${data}/secret-key`, () => randomBytes(32).toString('base64'))),
  }
  if (given === undefined) env['LONGHAUL_API_KEYS'] = `default:${key}`
  const operatorKey =
    config.LONGHAUL_OPERATOR_KEY ??
    (await storedSecret(`${data}/operator-key`, () => randomBytes(24).toString('hex')))
  env['LONGHAUL_OPERATOR_KEY'] = operatorKey

  signal.throwIfAborted()
  for (const name of ['api', 'worker']) {
    services.push(await startService({ name, main: `apps/${name}/src/main.ts`, env, data }))
  }
  const url = at(port)
  await Promise.race([
    Promise.all([ready('api', url, signal), ready('worker', at(workerPort ?? 0), signal)]),
    ...services.map(death),
    redisDeath(),
  ])
  await createDemoAgent({ url, key, signal })
  await writeForCommandLine({ url, key, operatorKey })
  const demo = process.argv.includes('--demo') && createDemoApi({ url, key, signal })
  if (demo) await beginDemo(demo)
  await building
  const dashboardUrl = await signInLink({ url, key, signal })
  const seconds = ((performance.now() - began) / 1_000).toFixed(1)
  console.log(banner({ url, key, dashboardUrl, redisUrl: withoutPassword(redisUrl), seconds }))
  if (demo) void runDemo(demo, env)
}

/** Goes on for an hour, in which a second worker dies. */
async function runDemo(api: DemoApi, env: NodeJS.ProcessEnv) {
  try {
    await crashWorker(api, async () => {
      const port = await freePort()
      const own = { ...env, WORKER_PORT: String(port) }
      const main = 'apps/worker/src/main.ts'
      const worker = await startService({ name: 'demo-worker', main, env: own, data })
      await ready('demo worker', at(port ?? 0), api.signal).catch(worker.kill)
      return worker
    })
    await continueDemo(api, { minutes: 60, pauseMs: 30_000, random: Math.random })
  } catch (error) {
    if (!api.signal.aborted) console.error(`longhaul: the demo has ended: ${String(error)}`)
  }
}

/** Without it, the API runs all the same, and its dashboard says what to do. */
async function dashboard(signal: AbortSignal) {
  try {
    await buildDashboard({ signal })
  } catch (error) {
    if (signal.aborted) return
    console.error(`longhaul: the dashboard could not be built: ${String(error)}`)
  }
}

/** The command line of this checkout finds the address and the keys in a file that only its user can read. */
async function writeForCommandLine(found: { url: string; key: string; operatorKey: string }) {
  const file = `${data}/command-line.json`
  await writeFile(`${file}.part`, `${JSON.stringify(found)}\n`, { mode: 0o600 })
  await rename(`${file}.part`, file)
}

/** Runs in the background: a worker looks for the sandbox when it first runs code. */
async function sandbox(signal: AbortSignal) {
  const lacking = await bringSandbox({ signal }).catch((error: unknown) => [String(error)])
  if (lacking.length === 0 || signal.aborted) return
  console.error(`longhaul: code tools cannot be run here, for want of ${lacking.join(' and ')}`)
}

function newApiKey() {
  return `lh_${randomBytes(8).toString('hex')}_${randomBytes(16).toString('hex')}`
}

// A client cannot connect to a wildcard address.
function at(port: number) {
  const host = ['0.0.0.0', '::'].includes(config.HOST) ? '127.0.0.1' : config.HOST
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

async function ready(name: string, url: string, signal: AbortSignal) {
  let reason = 'no answer'
  for (const deadline = performance.now() + 60_000; performance.now() < deadline;) {
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(2_000)])
      const response = await fetch(`${url}/readyz`, { signal: limit })
      reason = (await response.text()).slice(0, 300)
      if (response.ok) return
    } catch {
      signal.throwIfAborted()
    }
    await sleep(50, undefined, { signal })
  }
  throw new Error(`the ${name} did not become ready within a minute: ${reason}`)
}

async function death({ name, exited, lastWords }: Service): Promise<never> {
  const how = await exited
  const lines = (await lastWords()).map((line) => `\n  ${line}`).join('')
  throw new Error(`the ${name} ended with ${how}, so all is stopped. Its last words:${lines}`)
}

async function redisDeath(): Promise<never> {
  const how = await (redis?.exited ?? new Promise<never>(() => {}))
  throw new Error(`Redis ended with ${how}, so all is stopped; see ${data}/redis/redis.log`)
}

async function asked(signal: AbortSignal) {
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve, { once: true })
    if (signal.aborted) resolve(undefined)
  })
}

async function takeDown() {
  // A worker that outlives its drain time has a bug or is on a stuck machine: it gets two more seconds.
  const grace = config.LONGHAUL_DRAIN_MS + 2_000
  await Promise.all(
    services.map(async (service) => {
      const went = await service.stop(grace)
      if (!went) console.error(`longhaul: the ${service.name} had to be killed`)
    }),
  )
  await redis?.stop()
}

function hearSignals() {
  const parent = process.ppid
  let interrupted = false
  process.on('SIGINT', () => {
    if (interrupted) killAll()
    interrupted = true
    stop()
  })
  process.on('SIGTERM', stop)
  process.on('SIGHUP', stop)
  const watch = setInterval(() => {
    if (process.ppid !== parent) stop()
  }, 250)
  watch.unref()
  // A closed terminal accepts no more output. The shutdown continues all the same.
  process.stdout.on('error', () => {})
  process.stderr.on('error', () => {})
}

function stop() {
  if (stopping.signal.aborted) return
  console.error('longhaul: stopping …')
  stopping.abort()
}

function killAll() {
  for (const { kill } of services) kill()
  void redis?.kill()
  void release().finally(() => process.exit(130))
}

function withoutPassword(text: string) {
  const url = new URL(text)
  if (url.password !== '') url.password = '***'
  return url.href
}
