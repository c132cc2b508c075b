import {
  type Deliveries,
  type Delivery,
  type DeliveryQuery,
  eventBody,
  eventId,
  type EventType,
  limits,
  LonghaulError,
  newWebhookSecret,
  invalid,
  receives,
  secretHint,
  type StoredWebhook,
  type Webhook,
  type Webhooks as WebhookStore,
} from '@longhaul/core'
import type { Seal } from '../secrets/seal.ts'
import {
  type MissingPorts,
  type MissingRange,
  type Recovered,
  recoverMissing,
} from './recover-missing.ts'

export type WebhookInput = {
  /** Absent for a new id. */
  id?: string
  url: string
  name: string
  events: string[]
  contentType?: Webhook['contentType'] | undefined
  /** Absent for a new secret. */
  secret?: string
  enabled?: boolean | undefined
  includesOutput?: boolean | undefined
}
type Changeable = Omit<WebhookInput, 'id'>
export type WebhookPatch = { [F in keyof Changeable]?: Changeable[F] | undefined }

/** An endpoint in a workspace, and the key that changes it. */
type Ref = { workspace: string; id: string }
type By = { keyId: string }

/** One attempt to send a test event. It rejects when there is no answer. */
export type SendTest = (
  webhook: Webhook,
  event: { id: string; body: string; workspace: string },
) => Promise<{ status: number }>

type Ports = MissingPorts & {
  webhooks: WebhookStore
  deliveries: Deliveries
  seal: Seal
  newId: () => string
  newHex: (digits: number) => string
  /** Why events are not sent to a URL; undefined when they are. */
  urlProblem: (url: string) => string | undefined
  sendTest: SendTest
}

export type Webhooks = ReturnType<typeof createWebhooks>

/** The verbs on endpoints and their deliveries. They reject with not_found for an unknown endpoint. */
export function createWebhooks(ports: Ports) {
  const { webhooks, deliveries, newHex } = ports
  const get = (ref: Ref) => getWebhook(ref, ports)
  /** Rejects with not_found, which names what is missing. */
  const refuseUnknown = async (ref: Ref, id: string): Promise<never> => {
    await get(ref)
    throw unknownDelivery(id)
  }
  return {
    get,
    list: (workspace: string) => webhooks.list(workspace),
    newSecret: () => newWebhookSecret(newHex(64)),
    create: (workspace: string, input: WebhookInput, by: By) =>
      createWebhook(workspace, input, by, ports),
    update: (ref: Ref, patch: WebhookPatch, by: By) => updateWebhook(ref, patch, by, ports),

    async remove({ workspace, id }: Ref): Promise<void> {
      if (!(await webhooks.remove(workspace, id))) throw unknownWebhook(id)
    },

    /** Gives an endpoint a new secret. With `keepsOld`, the previous one is valid for another day. */
    async rotateSecret(ref: Ref, { keepsOld }: { keepsOld: boolean }, by: By) {
      const secret = newWebhookSecret(newHex(64))
      const webhook = await change(ref, by, ports, ({ secret: old, ...known }, now) => ({
        ...withSecret(known, ref.workspace, secret, ports),
        ...(keepsOld &&
          old !== undefined && {
            previous: { secret: old, until: now + limits.webhooks.previousSecret },
          }),
      }))
      return { webhook, secret }
    },

    /** Sends a sample event at once, in one attempt. */
    async test(ref: Ref, type: EventType): Promise<{ status: number }> {
      const webhook = await get(ref)
      const id = eventId({ response: `test_${ports.newId()}`, pos: 0 }, webhook.id)
      const body = eventBody(id, type, await webhooks.now(), { id: 'resp_test', test: true })
      return await ports.sendTest(webhook, { id, body, workspace: ref.workspace })
    },

    async deliveries(ref: Ref, query: DeliveryQuery) {
      await get(ref)
      return await deliveries.list(ref.workspace, ref.id, query)
    },

    /** An address that only requests have named has deliveries, too. */
    async delivery(ref: Ref, id: string): Promise<Delivery> {
      const found = await deliveries.get(ref.workspace, ref.id, id)
      return found ?? (await refuseUnknown(ref, id))
    },

    async redeliver(ref: Ref, id: string): Promise<void> {
      const outcome = await deliveries.redeliver(ref.workspace, ref.id, id)
      if (outcome === 'not_found') await refuseUnknown(ref, id)
      if (outcome === 'disabled') throw isDisabled(ref.id)
    },

    /** Sends all failed deliveries of a time again, or events of a time that have no delivery. */
    async recover(
      ref: Ref,
      { include, ...range }: MissingRange & { include: 'failed' | 'missing' },
    ): Promise<Recovered> {
      const webhook = await get(ref)
      if (!receives(webhook)) throw isDisabled(ref.id)
      const { workspace, id } = ref
      if (include === 'missing') return await recoverMissing({ workspace, webhook }, range, ports)
      const recovered = await deliveries.recover(workspace, id, range)
      return { recovered, more: recovered >= limits.webhooks.recovered }
    },
  }
}

async function getWebhook({ workspace, id }: Ref, { webhooks }: Ports): Promise<StoredWebhook> {
  const found = await webhooks.get(workspace, id)
  // An address that only requests have named is no endpoint of the workspace.
  if (found === undefined || found.createdBy === '') throw unknownWebhook(id)
  return found
}

async function createWebhook(
  workspace: string,
  { id, url, name, events, contentType = 'json', enabled = true, ...input }: WebhookInput,
  { keyId }: By,
  ports: Ports,
): Promise<{ webhook: StoredWebhook; secret: string }> {
  const { webhooks, newId, newHex } = ports
  checkUrl(url, ports)
  const { secret = newWebhookSecret(newHex(64)), includesOutput } = input
  const at = await webhooks.now()
  const common = { id: id ?? `whe_${newId()}`, url, name, events, contentType, enabled }
  const webhook: Webhook = withSecret(
    {
      ...common,
      ...(includesOutput === true && { includesOutput }),
      createdAt: at,
      updatedAt: at,
      createdBy: keyId,
      updatedBy: keyId,
    },
    workspace,
    secret,
    ports,
  )
  if ((await webhooks.create(workspace, webhook)) === 'taken') {
    throw new LonghaulError('conflict', `There is an endpoint ${common.id} already.`)
  }
  return { webhook: { ...webhook, revision: 1, failures: 0 }, secret }
}

async function updateWebhook(
  ref: Ref,
  { secret, includesOutput, ...patch }: WebhookPatch,
  by: By,
  ports: Ports,
): Promise<StoredWebhook> {
  if (patch.url !== undefined) checkUrl(patch.url, ports)
  const changed = (webhook: Webhook): Webhook => {
    const { includesOutput: included, ...rest } = webhook
    const includes = includesOutput ?? included ?? false
    const next = {
      ...rest,
      ...(Object.fromEntries(
        Object.entries(patch).filter(([, value]) => value !== undefined),
      ) as Partial<Webhook>),
      ...(includes && { includesOutput: includes }),
    }
    return secret === undefined ? next : withSecret(next, ref.workspace, secret, ports)
  }
  return await change(ref, by, ports, changed, patch.enabled === true)
}

/**
 * Changes an endpoint. With `enables`, one that the server has disabled receives events again. When another change came
 * in between, it is read again.
 */
async function change(
  ref: Ref,
  { keyId }: By,
  ports: Ports,
  changed: (webhook: Webhook, now: number) => Webhook,
  enables = false,
): Promise<StoredWebhook> {
  const { webhooks } = ports
  for (;;) {
    const { revision, failures, disabled, ...webhook } = await getWebhook(ref, ports)
    const now = await webhooks.now()
    const next = { ...changed(webhook, now), updatedAt: now, updatedBy: keyId }
    const isEnabled = disabled !== undefined && enables
    const outcome = await webhooks.update(ref.workspace, next, { revision, enables: isEnabled })
    if (outcome === 'not_found') throw unknownWebhook(ref.id)
    if (outcome === 'changed') continue
    const counts = isEnabled ? { failures: 0 } : { failures, ...(disabled && { disabled }) }
    return { ...next, revision: revision + 1, ...counts }
  }
}

function withSecret(
  webhook: Omit<Webhook, 'secret'>,
  workspace: string,
  secret: string,
  { seal }: Ports,
): Webhook {
  const { previous: _, ...rest } = webhook
  return {
    ...rest,
    secret: seal(secret, { workspace, path: 'secret' }),
    secretHint: secretHint(secret),
  }
}

function checkUrl(url: string, { urlProblem }: Ports): void {
  const problem = urlProblem(url)
  if (problem !== undefined) throw invalid('url', problem)
}

function unknownWebhook(id: string): LonghaulError {
  return new LonghaulError('not_found', `There is no webhook endpoint ${id}.`)
}

function unknownDelivery(id: string): LonghaulError {
  return new LonghaulError('not_found', `The endpoint has no delivery ${id}.`)
}

function isDisabled(id: string): LonghaulError {
  return new LonghaulError(
    'conflict',
    `The endpoint ${id} is disabled: enable it first, with enabled: true.`,
  )
}
