import type { DeliverySummary, WebhookDelivery } from '@longhaul/client'
import type { Context } from '../../context.ts'
import { UsageError } from '../../failure.ts'
import { formatDuration } from '../../output/durations.ts'
import type { Given } from '../../spec.ts'
import { printList } from '../shared/print-list.ts'
import { timeAgoOf } from '../shared/read-options.ts'
import { take } from '../shared/take.ts'
import type { EventType } from './event-types.ts'

export async function showDeliveries(given: Given, context: Context): Promise<void> {
  const [id = '', delivery] = given.args
  const { client, out, interrupted: signal } = context
  const { webhooks } = await client()
  if (delivery !== undefined) {
    return void out.document(await webhooks.delivery(id, delivery, { signal }))
  }
  const status = given.text('status') as WebhookDelivery['status'] | undefined
  const type = given.text('event') as EventType | undefined
  const since = timeAgoOf(given, 'since')
  const query = {
    ...(status !== undefined && { status }),
    ...(type !== undefined && { type }),
    ...(since !== undefined && { since }),
  }
  const all = webhooks.allDeliveries(id, query, { signal })
  printList(await take(all, given.number('limit') ?? 50), list, { given, out })
}

const list = {
  header: ['DELIVERY', 'EVENT', 'STATUS', 'ATTEMPTS', 'AGE', 'NEXT ATTEMPT'],
  row: ({ next_attempt_at: next, created, ...delivery }: DeliverySummary) => [
    delivery.id,
    delivery.type,
    delivery.status,
    String(delivery.attempt_count),
    formatDuration(Date.now() - Date.parse(created)),
    next ?? '',
  ],
  id: ({ id }: DeliverySummary) => id,
  empty: 'No delivery.',
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

/** Sends all failed or missing events of a time, in several requests if there are many. */
export async function recover(given: Given, context: Context): Promise<void> {
  const [id = ''] = given.args
  const { client, out, interrupted: signal } = context
  const since = timeAgoOf(given, 'since')
  if (since === undefined) throw new UsageError('--since is missing', 'For the last day: 1d.')
  const { webhooks } = await client()
  const span = {
    since,
    // Deliveries that fail from now on belong to another call.
    until: timeAgoOf(given, 'until') ?? new Date().toISOString(),
    include: given.flag('missing') ? ('missing' as const) : ('failed' as const),
  }
  let recovered = 0
  let after: string | undefined
  for (;;) {
    const body = { ...span, ...(after !== undefined && { starting_after: after }) }
    const page = await webhooks.recover(id, body, { signal })
    recovered += page.recovered
    after = page.last_id ?? undefined
    if (!page.has_more) break
  }
  if (out.json) out.document({ recovered })
  else out.line(`${recovered} ${recovered === 1 ? 'event is' : 'events are'} sent again`)
}
