import {
  afterAttempt,
  type AttemptOutcome,
  type BegunDelivery,
  cutBytes,
  type DeliveryAttempt,
  limits,
  parseRetryAfter,
  type Webhook,
  webhookHeaders,
} from '@longhaul/core'
import type { Egress } from '../http/egress.ts'
import { EgressError } from '../http/egress-error.ts'
import { checkWebhookUrl } from '../guard/check-webhook-url.ts'
import type { EgressAllow } from '../guard/egress-allow.ts'

export type SendDeps = {
  egressOf: (workspace: string) => Egress
  allow: EgressAllow
  /** Opens a sealed secret of a workspace. */
  open: (sealed: string, workspace: string) => string
  now: () => number
  random: () => number
}

const { timeout, answer: maxBytes, keptAnswer } = limits.webhooks

/** Makes one attempt of a delivery, and tells what follows from it. Never rejects. */
export async function sendDelivery(
  { workspace, webhook, begun }: { workspace: string; webhook: Webhook; begun: BegunDelivery },
  signal: AbortSignal,
  deps: SendDeps,
): Promise<{ attempt: DeliveryAttempt; outcome: AttemptOutcome }> {
  const at = deps.now()
  const since = performance.now()
  const ms = () => Math.round(performance.now() - since)
  const secrets = openSecrets(workspace, webhook, at, deps)
  try {
    const reply = await post({ workspace, webhook, begun, secrets, at }, signal, deps)
    const text = withoutSecrets(new TextDecoder().decode(reply.body), secrets)
    const attempt = { at, ms: ms(), status: reply.status, answer: cutBytes(text, keptAnswer) }
    const retryAfterMs = parseRetryAfter(reply.headers['retry-after'], at)
    const answer = { status: reply.status, retryAfterMs }
    return { attempt, outcome: afterAttempt(begun.counted, answer, deps.random()) }
  } catch (error) {
    const message = error instanceof EgressError ? error.message : 'the event could not be sent'
    const attempt = { at, ms: ms(), error: withoutSecrets(message, secrets) }
    return { attempt, outcome: afterAttempt(begun.counted, {}, deps.random()) }
  }
}

type Sent = {
  workspace: string
  webhook: Webhook
  begun: BegunDelivery
  secrets: string[]
  at: number
}

async function post(
  { workspace, webhook, begun, secrets, at }: Sent,
  signal: AbortSignal,
  { egressOf, allow }: SendDeps,
) {
  const { url, contentType } = webhook
  const problem = checkWebhookUrl(url, allow)
  if (problem !== undefined) throw new EgressError('refused', `the URL ${problem}`, { sent: false })
  const { id } = begun
  const isJson = contentType === 'json'
  const body = isJson ? begun.body : new URLSearchParams({ payload: begun.body }).toString()
  const timestamp = Math.floor(at / 1_000)
  return await egressOf(workspace).fetch({
    url,
    method: 'POST',
    headers: {
      'content-type': isJson ? 'application/json' : 'application/x-www-form-urlencoded',
      ...webhookHeaders({ id, timestamp, body }, secrets),
    },
    body,
    signal,
    timeoutMs: timeout,
    maxBytes,
    maxRedirects: 0,
  })
}

/** The secrets that are valid now, the newest first. */
function openSecrets(
  workspace: string,
  { secret, previous }: Webhook,
  at: number,
  { open }: SendDeps,
): string[] {
  if (secret === undefined) return []
  const isKept = previous !== undefined && at < previous.until
  return [secret, ...(isKept ? [previous.secret] : [])].map((sealed) => open(sealed, workspace))
}

/** An answer that repeats a secret must not show it in the log of deliveries. */
function withoutSecrets(text: string, secrets: string[]): string {
  const forms = secrets.flatMap((secret) => [secret, secret.replace(/^whsec_/, '')])
  return forms.reduce((masked, form) => masked.replaceAll(form, '[secret]'), text)
}
