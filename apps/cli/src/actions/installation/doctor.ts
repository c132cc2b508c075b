import { ApiError, type Client, ConnectionError } from '@longhaul/client'
import type { Connection } from '../../config/connection.ts'
import type { Context } from '../../context.ts'
import { Failure } from '../../failure.ts'
import type { Given } from '../../spec.ts'

type Finding = { check: string; ok: boolean; found: string; remedy?: string }

/** Checks one thing after the other. A failed check does not stop the others, unless they cannot work either. */
export async function doctor(_: Given, context: Context): Promise<void> {
  const { out } = context
  const connection = await context.connection()
  const client = await context.client()
  const findings: Finding[] = []
  const report = (finding: Finding) => {
    findings.push(finding)
    if (out.json) return
    const { check, ok, found, remedy } = finding
    out.line(
      `${out.style(ok ? 'green' : 'red', ok ? '✓' : '✗')} ${check.padEnd(10)} ${out.style('reset', found)}`,
    )
    if (remedy !== undefined) out.line(`  ${out.style('dim', `→ ${remedy}`)}`)
  }
  const reached = await checkServer(client, connection)
  report(reached)
  if (reached.ok) {
    report(await checkKey(client, connection))
    for (const finding of await checkInstallation(client, connection)) report(finding)
  }
  for (const finding of await checkProviders(context.env)) report(finding)
  if (out.json) out.document(findings)
  const wrong = findings.filter(({ ok }) => !ok)
  if (wrong.length > 0) throw new Failure(`${wrong.length} of ${findings.length} checks failed`)
}

async function checkServer(client: Client, { url, urlFrom }: Connection): Promise<Finding> {
  const check = 'server'
  try {
    await client.ready()
    return { check, ok: true, found: `${url} (${urlFrom}) is ready, and reaches Redis` }
  } catch (error) {
    if (error instanceof ConnectionError) {
      const remedy = 'Start it with `npm start`, or correct LONGHAUL_URL.'
      return { check, ok: false, found: error.message, remedy }
    }
    if (!(error instanceof ApiError)) throw error
    const redis = error.code.startsWith('store') || error.code === 'unavailable'
    const remedy = redis
      ? 'Look at Redis and at REDIS_URL of the API.'
      : `Is ${url} the address of Longhaul's API?`
    return { check, ok: false, found: `${url}: ${error.message}`, remedy }
  }
}

async function checkKey(client: Client, { key, keyFrom }: Connection): Promise<Finding> {
  const check = 'key'
  if (key === undefined) {
    const remedy = 'Set LONGHAUL_API_KEY, or run `longhaul login`.'
    return { check, ok: false, found: 'there is none', remedy }
  }
  const refused = await refusalOf(client.limits.get())
  if (refused === undefined)
    return { check, ok: true, found: `the key ${keyFrom} opens a workspace` }
  const remedy = 'Compare it with LONGHAUL_API_KEYS of the API.'
  return { check, ok: false, found: `the key ${keyFrom}: ${refused}`, remedy }
}

async function checkInstallation(client: Client, { operatorKey }: Connection): Promise<Finding[]> {
  if (operatorKey === undefined) {
    const found = 'not checked: that needs LONGHAUL_OPERATOR_KEY'
    return [{ check: 'workers', ok: true, found }]
  }
  const refused = await refusalOf(client.admin.overview())
  if (refused !== undefined) {
    const remedy = 'Compare it with LONGHAUL_OPERATOR_KEY of the API.'
    return [{ check: 'operator', ok: false, found: `the operator key: ${refused}`, remedy }]
  }
  const { total, workers } = await client.admin.overview()
  const alive = workers.filter((worker) => worker.alive).length
  const work: Finding =
    alive > 0
      ? { check: 'workers', ok: true, found: `${alive} alive` }
      : {
          check: 'workers',
          ok: false,
          found: 'none is alive',
          remedy: 'Start one with `npm run worker`.',
        }
  const paused: Finding[] = total.paused
    ? [
        {
          check: 'pause',
          ok: false,
          found: 'no turn starts',
          remedy: 'POST /v2/admin/resume ends the pause.',
        },
      ]
    : []
  return [work, ...paused, await checkState(client)]
}

async function checkState(client: Client): Promise<Finding> {
  const { findings } = await client.admin.diagnose()
  const check = 'state'
  if (findings.length === 0) return { check, ok: true, found: 'every task is where it should be' }
  const remedy = 'POST /v2/admin/doctor repairs what can be repaired.'
  return { check, ok: false, found: `${findings.length} findings`, remedy }
}

async function refusalOf(call: Promise<unknown>): Promise<string | undefined> {
  try {
    await call
    return undefined
  } catch (error) {
    if (error instanceof ApiError || error instanceof ConnectionError) return error.message
    throw error
  }
}

const providers = [
  { name: 'openai', variable: 'OPENAI', url: 'https://api.openai.com/v1' },
  { name: 'anthropic', variable: 'ANTHROPIC', url: 'https://api.anthropic.com/v1' },
  { name: 'google', variable: 'GOOGLE', url: 'https://generativelanguage.googleapis.com/v1beta' },
]

/** Whether the providers whose keys this environment has can be reached from here. */
async function checkProviders(env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const set = providers.filter(({ variable }) => env[`${variable}_API_KEY`])
  return await Promise.all(
    set.map(async ({ name, variable, url }) => {
      const base = (env[`${variable}_BASE_URL`] || url).replace(/\/+$/, '')
      const key = env[`${variable}_API_KEY`] ?? ''
      const headers = {
        authorization: `Bearer ${key}`,
        'x-api-key': key,
        'x-goog-api-key': key,
        'anthropic-version': '2023-06-01',
      }
      const options = { headers, signal: AbortSignal.timeout(5_000) }
      try {
        const { status } = await fetch(`${base}/models`, options)
        if (status !== 401 && status !== 403)
          return { check: name, ok: true, found: `${base} answers` }
        const remedy = `Check ${variable}_API_KEY.`
        return { check: name, ok: false, found: `${base} refuses the key (${status})`, remedy }
      } catch (error) {
        const { cause } = Object(error) as { cause?: { code?: string } }
        const remedy = `Check the network, and ${variable}_BASE_URL.`
        const why = cause?.code ?? (error as Error).message
        return { check: name, ok: false, found: `${base} cannot be reached (${why})`, remedy }
      }
    }),
  )
}
