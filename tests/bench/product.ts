import {
  type AppProcess,
  type Installation,
  startApp,
  testKey,
  testOperatorKey,
} from '@longhaul/testbed/servers'

/** A request of about 1 KB, like that of a client with some context. */
export const request = {
  path: '/v2/agents/bench/responses',
  headers: { authorization: `Bearer ${testKey}`, 'content-type': 'application/json' },
  body: JSON.stringify({
    message: {
      role: 'user',
      parts: [{ kind: 'text', text: 'Please summarise what was said about delivery. '.repeat(16) }],
    },
    variables: { customer: 'Ada', plan: 'pro', seats: 12 },
    thread: { id: 'thread-0001', tags: ['support'] },
    metadata: { source: 'bench', region: 'eu' },
    background: true,
  }),
}

/** Starts one process of the product like an operator: its log goes through a pipe. */
export async function start(
  app: 'api' | 'worker',
  redisUrl: string,
  installation?: Installation,
  more: Record<string, string> = {},
): Promise<AppProcess> {
  const { BENCH_NODE_OPTIONS: nodeOptions } = process.env
  const env = {
    REDIS_URL: redisUrl,
    LONGHAUL_API_KEYS: `bench:${testKey}`,
    LONGHAUL_OPERATOR_KEY: testOperatorKey,
    LOG_LEVEL: 'info',
    // For profiles: `--cpu-prof --cpu-prof-dir=…`.
    ...(nodeOptions === undefined ? {} : { NODE_OPTIONS: nodeOptions }),
    ...more,
  }
  const started = await startApp(app, env, installation && { installation })
  started.discardLog()
  return started
}

export async function createAgent(url: string, key = testKey): Promise<void> {
  const agent = {
    key: 'bench',
    role: 'Assistant',
    description: 'Answers at once.',
    instructions: 'Answer in one sentence.',
    path: 'Default',
    model: 'demo/instant',
    settings: { tools: [] },
  }
  await post(`${url}/v2/agents`, agent, key)
}

export async function submit(url: string): Promise<void> {
  await post(url + request.path, JSON.parse(request.body))
}

/** Pauses or resumes the start of turns by workers. */
export async function pause(url: string, paused: boolean): Promise<void> {
  const headers = { authorization: `Bearer ${testOperatorKey}` }
  const path = `/v2/admin/${paused ? 'pause' : 'resume'}`
  const reply = await fetch(url + path, { method: 'POST', headers })
  if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`)
}

async function post(url: string, body: unknown, key = testKey): Promise<void> {
  const headers = { ...request.headers, authorization: `Bearer ${key}` }
  const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  const text = await reply.text()
  if (!reply.ok) throw new Error(`${url} answered ${reply.status}: ${text}`)
}
