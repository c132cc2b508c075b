import type { NewTool } from '@longhaul/client'
import type { Context } from '../context.ts'
import { apply } from '../manifest/apply.ts'
import { drawTable } from '../output/draw-table.ts'
import type { Given } from '../spec.ts'
import { confirm } from './confirm.ts'
import { take } from './take.ts'

export async function listTools(
  given: Given,
  { client, out, interrupted }: Context,
): Promise<void> {
  const { tools } = await client()
  const found = await take(tools.all({ signal: interrupted }), given.number('limit') ?? 50)
  if (out.json) return void out.document(found)
  if (found.length === 0)
    return void out.note('No tool. `longhaul tools apply --help` shows how to create one.')
  const rows = found.map(({ key, type, description }) => [key, type, description ?? ''])
  for (const line of drawTable(['TOOL', 'TYPE', 'DESCRIPTION'], rows, out.width)) out.line(line)
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
