import type { WebhookEndpoint } from '@longhaul/client'
import type { Context } from '../../context.ts'
import { UsageError } from '../../failure.ts'
import type { Given } from '../../spec.ts'
import { confirm } from '../shared/confirm.ts'
import { printList } from '../shared/print-list.ts'
import { take } from '../shared/take.ts'
import { eventTypesOf, type EventType } from './event-types.ts'
import { sendSample } from './send-event.ts'

export async function listWebhooks(
  given: Given,
  { client, out, interrupted }: Context,
): Promise<void> {
  const { webhooks } = await client()
  const found = await take(webhooks.all({ signal: interrupted }), given.number('limit') ?? 50)
  const list = {
    header: ['ENDPOINT', 'NAME', 'STATE', 'FAILURES', 'EVENTS', 'URL'],
    row: (endpoint: WebhookEndpoint) => [
      endpoint.id,
      endpoint.name,
      endpoint.enabled ? 'enabled' : `disabled${reasonOf(endpoint.disabled_reason)}`,
      String(endpoint.failure_count),
      endpoint.event_types.join(','),
      endpoint.url,
    ],
    id: ({ id }: WebhookEndpoint) => id,
    empty: 'No endpoint. `longhaul webhooks create --help` shows how to create one.',
  }
  printList(found, list, { given, out })
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

export async function updateWebhook(given: Given, context: Context): Promise<void> {
  const [id = ''] = given.args
  const [url, name] = [given.text('address'), given.text('name')]
  const body = {
    ...(url !== undefined && { url }),
    ...(name !== undefined && { name }),
    ...(given.texts('event').length > 0 && { event_types: eventTypesOf(given) }),
    ...(given.flag('output') && { include: ['output' as const] }),
    ...(given.flag('withoutOutput') && { include: [] }),
    ...(given.flag('enable') && { enabled: true }),
    ...(given.flag('disable') && { enabled: false }),
  }
  if (Object.keys(body).length === 0) throw new UsageError('there is nothing to change')
  const { webhooks } = await context.client()
  context.out.document(await webhooks.update(id, body, { signal: context.interrupted }))
}

export async function testWebhook(given: Given, context: Context): Promise<void> {
  const [id = ''] = given.args
  const type = (given.text('event') ?? 'response.completed') as EventType
  const answered = await sendSample({ id, type }, context)
  if (context.out.json) context.out.document(answered)
  else context.out.line(`${id} has answered ${answered.status_code}`)
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
