import type { Agent, NewAgent } from '@longhaul/client'
import type { Context } from '../../context.ts'
import { apply } from './manifest/apply.ts'
import type { Given } from '../../spec.ts'
import { confirm } from '../shared/confirm.ts'
import { printList } from '../shared/print-list.ts'
import { take } from '../shared/take.ts'

export async function listAgents(
  given: Given,
  { client, out, interrupted }: Context,
): Promise<void> {
  const { agents } = await client()
  const found = await take(agents.all({ signal: interrupted }), given.number('limit') ?? 50)
  const list = {
    header: ['AGENT', 'VERSION', 'MODEL', 'DESCRIPTION'],
    row: ({ key, version, model, description }: Agent) => [key, version, model.id, description],
    id: ({ key }: Agent) => key,
    empty: 'No agent. `longhaul agents apply --help` shows how to create one.',
  }
  printList(found, list, { given, out })
}

export async function getAgent(given: Given, { client, out, interrupted }: Context): Promise<void> {
  const { agents } = await client()
  out.document(await agents.get(given.args[0] ?? '', { signal: interrupted }))
}

export async function deleteAgent(given: Given, context: Context): Promise<void> {
  const [key = ''] = given.args
  const what = given.flag('tasks') ? ' and all of its tasks' : ''
  await confirm(`Delete agent ${key}${what}?`, context)
  const { agents } = await context.client()
  const tasks = given.flag('tasks') ? 'delete' : 'cancel'
  await agents.delete(key, { tasks, signal: context.interrupted })
  if (context.out.json) context.out.document({ key, deleted: true })
  else context.out.line(`${key} deleted`)
}

export async function applyAgents(given: Given, context: Context): Promise<void> {
  const { agents } = await context.client()
  const call = { signal: context.interrupted }
  await apply(given, context, {
    kind: 'agent',
    get: (key) => agents.get(key, call),
    shape: shapeOf,
    create: (body) => agents.create(body as NewAgent, call),
    update: (key, body) => agents.update(key, body, call),
  })
}

/** An agent of a reply in the form of a request. */
function shapeOf(agent: Record<string, unknown>): Record<string, unknown> {
  const { settings, model, ...fields } = agent as Agent
  const { fallback_models: fallbacks, ...primary } = model
  const tools = settings.tools.map(({ action_type: type, ...tool }) => ({ type, ...tool }))
  return { ...fields, model: primary, fallback_models: fallbacks, settings: { ...settings, tools } }
}
