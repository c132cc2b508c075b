import type { Context } from '../../context.ts'
import { drawTable } from '../../output/draw-table.ts'
import type { Given } from '../../spec.ts'

export async function showLimits(_: Given, { client, out, interrupted }: Context): Promise<void> {
  const { limits } = await client()
  const found = await limits.get({ signal: interrupted })
  if (out.json) return void out.document(found)
  const { now, overridden, models = {}, overrides: _each, ...values } = found
  const used = new Map(Object.entries(now))
  const rows = Object.entries(values).map(([name, value]) => [
    name,
    used.has(name) ? String(used.get(name)) : '',
    String(value),
    (overridden as string[]).includes(name) ? 'set for this workspace' : '',
  ])
  const unlimited = [...used].filter(([name]) => !(name in values))
  for (const [name, value] of unlimited) rows.push([name, String(value), 'no limit', ''])
  for (const [model, rate] of Object.entries(models)) {
    rows.push([model, '', JSON.stringify(rate), ''])
  }
  for (const line of drawTable(['LIMIT', 'IN USE', 'AT MOST', ''], rows, out.width)) out.line(line)
}
