import type { DeliverySummary, WebhookDelivery } from '@longhaul/client'
import { confirm } from '../actions/confirm.ts'
import { durationOf } from '../actions/read-options.ts'
import { take } from '../actions/take.ts'
import type { Context } from '../context.ts'
import { drawTable } from '../output/draw-table.ts'
import { formatDuration } from '../output/durations.ts'
import type { Given } from '../spec.ts'
import { eventTypesOf, type EventType } from './event-types.ts'

export async function listWebhooks(
  given: Given,
  { client, out, interrupted }: Context,
): Promise<void> {
  const { webhooks } = await client()
  const found = await take(webhooks.all({ signal: interrupted }), given.number('limit') ?? 50)
  if (out.json) return void out.document(found)
  if (found.length === 0)
    return void out.note('No endpoint. `longhaul webhooks create --help` shows how to create one.')
  const rows = found.map((endpoint) => [
    endpoint.id,
    endpoint.name,
    endpoint.enabled ? 'enabled' : `disabled${reasonOf(endpoint.disabled_reason)}`,
    String(endpoint.failure_count),
    endpoint.event_types.join(','),
    endpoint.url,
  ])
  const header = ['ENDPOINT', 'NAME', 'STATE', 'FAILURES', 'EVENTS', 'URL']
  for (const line of drawTable(header, rows, out.width)) out.line(line)
}

function reasonOf(reason: string | null): string {
  return reason === null ? '' : ` (${reason})`
}

export async function getWebhook(
  given: Given,
  { client, out, interrupted }: Context,
): Promise<void> {
  const { webhooks } = await client()
  out.document(await webhooks.get(given.args[0] ?? '', { signal: interrupted }))
}

export async function createWebhook(given: Given, context: Context): Promise<void> {
  const [url = ''] = given.args
  const { webhooks } = await context.client()
  const body = {
    url,
    name: given.text('name') ?? url.slice(0, 200),
    event_types: eventTypesOf(given),
    ...(given.flag('output') && { include: ['output' as const] }),
  }
  context.out.document(await webhooks.create(body, { signal: context.interrupted }))
  context.out.note('Keep the signing_secret: it is not shown again.')
}

export async function deleteWebhook(given: Given, context: Context): Promise<void> {
  const [id = ''] = given.args
  await confirm(`Delete endpoint ${id} and its deliveries?`, context)
  const { webhooks } = await context.client()
  await webhooks.delete(id, { signal: context.interrupted })
  if (context.out.json) context.out.document({ id, deleted: true })
  else context.out.line(`${id} deleted`)
}

export async function rotateSecret(given: Given, context: Context): Promise<void> {
  const [id = ''] = given.args
  const { webhooks } = await context.client()
  const options = { keepOld: given.flag('keepOld'), signal: context.interrupted }
  context.out.document(await webhooks.rotateSecret(id, options))
  context.out.note('Keep the signing_secret: it is not shown again.')
}

export async function showDeliveries(given: Given, context: Context): Promise<void> {
  const [id = '', delivery] = given.args
  const { client, out, interrupted: signal } = context
  const { webhooks } = await client()
  if (delivery !== undefined) {
    return void out.document(await webhooks.delivery(id, delivery, { signal }))
  }
  const status = given.text('status') as WebhookDelivery['status'] | undefined
  const type = given.text('event') as EventType | undefined
  const since = durationOf(given, 'since')
  const query = {
    ...(status !== undefined && { status }),
    ...(type !== undefined && { type }),
    ...(since !== undefined && { since: new Date(Date.now() - since).toISOString() }),
  }
  const all = webhooks.allDeliveries(id, query, { signal })
  const found = await take(all, given.number('limit') ?? 50)
  if (out.json) return void out.document(found)
  if (found.length === 0) return void out.note('No delivery.')
  for (const line of tableOf(found, out.width)) out.line(line)
}

function tableOf(deliveries: DeliverySummary[], width: number): string[] {
  const header = ['DELIVERY', 'EVENT', 'STATUS', 'ATTEMPTS', 'AGE', 'NEXT ATTEMPT']
  const rows = deliveries.map(({ next_attempt_at: next, created, ...delivery }) => [
    delivery.id,
    delivery.type,
    delivery.status,
    String(delivery.attempt_count),
    formatDuration(Date.now() - Date.parse(created)),
    next ?? '',
  ])
  return drawTable(header, rows, width)
}

export async function redeliver(given: Given, context: Context): Promise<void> {
  const [id = '', ...deliveries] = given.args
  const { out, interrupted: signal } = context
  const { webhooks } = await context.client()
  for (const delivery of deliveries) {
    const sent = await webhooks.redeliver(id, delivery, { signal })
    if (out.json) out.entry(sent)
    else out.line(`${delivery} is sent again`)
  }
}
