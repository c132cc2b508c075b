import type { NewTool, Tool } from '@longhaul/client'
import type { Context } from '../../context.ts'
import { apply } from './manifest/apply.ts'
import type { Given } from '../../spec.ts'
import { confirm } from '../shared/confirm.ts'
import { printList } from '../shared/print-list.ts'
import { take } from '../shared/take.ts'

export async function listTools(
  given: Given,
  { client, out, interrupted }: Context,
): Promise<void> {
  const { tools } = await client()
  const found = await take(tools.all({ signal: interrupted }), given.number('limit') ?? 50)
  const list = {
    header: ['TOOL', 'TYPE', 'DESCRIPTION'],
    row: ({ key, type, description }: Tool) => [key, type, description ?? ''],
    id: ({ key }: Tool) => key,
    empty: 'No tool. `longhaul tools apply --help` shows how to create one.',
  }
  printList(found, list, { given, out })
}

export async function getTool(given: Given, { client, out, interrupted }: Context): Promise<void> {
  const { tools } = await client()
  out.document(await tools.get(given.args[0] ?? '', { signal: interrupted }))
}

export async function deleteTool(given: Given, context: Context): Promise<void> {
  const [key = ''] = given.args
  await confirm(`Delete tool ${key}?`, context)
  const { tools } = await context.client()
  await tools.delete(key, { signal: context.interrupted })
  if (context.out.json) context.out.document({ key, deleted: true })
  else context.out.line(`${key} deleted`)
}

export async function applyTools(given: Given, context: Context): Promise<void> {
  const { tools } = await context.client()
  const call = { signal: context.interrupted }
  await apply(given, context, {
    kind: 'tool',
    get: (key) => tools.get(key, call),
    shape: (tool) => tool,
    create: (body) => tools.create(body as NewTool, call),
    update: (key, body) => tools.update(key, body as never, call),
  })
}
