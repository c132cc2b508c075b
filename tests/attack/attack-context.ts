import {
  type AppProcess,
  type McpTestServer,
  type ScriptedModel,
  type ScriptedReply,
  type ScriptedServer,
  startMcpServer,
  startScriptedServer,
} from '@longhaul/testbed/servers'
import type { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'
import { bodyOf, type Client, createClient } from './client.ts'
import type { Testbed } from './attack-cluster.ts'

/** The means of an attack. What the attack starts ends with it. */
export type AttackContext = {
  url: string
  workspace: string
  alpha: Client
  /** Clients of alpha's workspace with its other keys. */
  others: Client[]
  /** Beta's client, for attacks that aim at one of its requests. */
  beta: Client
  /** Alpha's model vendor, `attacker/scripted`. */
  model: ScriptedModel
  /** The server behind `google/…`. */
  google: ScriptedServer
  redis: Redis
  /** The URL of another database of the same Redis. */
  redisUrl: (database: number) => string
  startApp: (app: 'api' | 'worker', env: Record<string, string>) => Promise<AppProcess>
  service: () => Promise<ScriptedServer>
  mcpServer: () => Promise<McpTestServer>
  /** Scales a volume: to a tenth in the short suite. */
  many: (count: number) => number
  /** Aborted when the attack takes too long. */
  signal: AbortSignal
  atEnd: (step: () => unknown) => void
  /** Polls until there is a value. Rejects when the attack takes too long. */
  until: <T>(look: () => Promise<T | undefined>) => Promise<T>
}

type Options = {
  short: boolean
  signal: AbortSignal
  atEnd: (step: () => unknown) => void
}

export function createAttackContext(
  testbed: Testbed,
  { short, signal, atEnd }: Options,
): AttackContext {
  const { url, model, google, control, neighbourKey } = testbed
  const { workspace, keys } = testbed.nextAttacker()
  const [alpha, ...others] = keys.map((key) => createClient(url, key, signal))
  if (alpha === undefined) throw new Error('the attacker has no key')
  model.reset()
  google.requests.length = 0
  return {
    url,
    workspace,
    alpha,
    others,
    beta: createClient(url, neighbourKey, signal),
    model,
    google,
    redis: control,
    redisUrl: (database) => `${testbed.redisUrl}/${database}`,
    startApp: (app, env) => testbed.startExtra(app, env),
    async service() {
      const service = await startScriptedServer()
      atEnd(() => service.close())
      return service
    },
    async mcpServer() {
      const server = await startMcpServer()
      atEnd(() => server.close())
      return server
    },
    many: (count) => (short ? Math.ceil(count / 10) : count),
    signal,
    atEnd,
    async until(look) {
      for (;;) {
        const found = await look()
        if (found !== undefined) return found
        await sleep(50, undefined, { signal })
      }
    },
  }
}

/** Creates an agent of a client and returns its key. */
export async function createAgent(
  client: Client,
  key: string,
  more: Record<string, unknown> = {},
): Promise<string> {
  const reply = await client.call('POST', '/v2/agents', {
    key,
    role: 'Attacker',
    description: 'Attacks.',
    instructions: 'Attack.',
    path: 'Default',
    model: 'attacker/scripted',
    settings: {},
    ...more,
  })
  if (reply.status !== 201) throw new Error(`the agent ${key}: ${reply.status} ${reply.text}`)
  return key
}

/** A message with the script of the model's replies, call by call. */
export function scripted(...script: (ScriptedReply | ScriptedReply[])[]) {
  return message(JSON.stringify({ script }))
}

export function message(text: string) {
  return { message: { role: 'user', parts: [{ kind: 'text', text }] } }
}

/** Submits a turn in the background and returns its task. */
export async function submit(client: Client, agent: string, body: object): Promise<string> {
  const path = `/v2/agents/${agent}/responses`
  const reply = await client.call('POST', path, { background: true, ...body })
  if (reply.status !== 200) throw new Error(`a turn of ${agent}: ${reply.status} ${reply.text}`)
  return String(bodyOf(reply)['task_id'])
}

/** Waits for the end of a turn and returns its task from GET. */
export async function ended(
  { until }: AttackContext,
  client: Client,
  path: string,
): Promise<Record<string, unknown>> {
  return await until(async () => {
    const reply = await client.call('GET', path)
    const body = reply.status === 200 ? bodyOf(reply) : {}
    const going = ['queued', 'in_progress', 'running', undefined].includes(
      body['status'] as string | undefined,
    )
    return going ? undefined : body
  })
}
