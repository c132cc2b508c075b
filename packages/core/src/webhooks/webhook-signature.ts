import { createHmac, hash } from 'node:crypto'

/** The prefix of secrets in the form of Standard Webhooks: the rest is base64. */
const prefix = 'whsec_'

/** A new secret of 32 random bytes, given in hex. */
export function newWebhookSecret(hex: string): string {
  return prefix + Buffer.from(hex, 'hex').toString('base64')
}

/** Whether a secret has the form that Standard Webhooks defines: 24 to 64 bytes. */
export function isStandardSecret(secret: string): boolean {
  return keyOf(secret) !== undefined
}

function keyOf(secret: string): Buffer | undefined {
  if (!secret.startsWith(prefix)) return undefined
  const text = secret.slice(prefix.length)
  const key = Buffer.from(text, 'base64')
  const isExact = key.toString('base64').replaceAll('=', '') === text.replaceAll('=', '')
  return isExact && key.length >= 24 && key.length <= 64 ? key : undefined
}

type Signed = {
  /** The id of the event for this endpoint. It is the same in each attempt. */
  id: string
  /** When this attempt is sent, in seconds. */
  timestamp: number
  body: string
}

/**
 * The headers that identify and sign a request. `secrets` are those that are valid now, the newest first. A secret that
 * is not of the standard's form makes only the header of orq.
 */
export function webhookHeaders(
  { id, timestamp, body }: Signed,
  secrets: readonly string[],
): Record<string, string> {
  const [newest] = secrets
  const signatures = secrets.flatMap((secret) => {
    const key = keyOf(secret)
    if (key === undefined) return []
    const hmac = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`)
    return `v1,${hmac.digest('base64')}`
  })
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    ...(signatures.length > 0 && { 'webhook-signature': signatures.join(' ') }),
    ...(newest !== undefined && {
      'x-orq-signature': createHmac('sha256', newest).update(body).digest('hex'),
    }),
  }
}

/** What shows which secret an endpoint has, without revealing it. */
export function secretHint(secret: string): string {
  return secret.length < 16 ? '…' : `${secret.startsWith(prefix) ? prefix : ''}…${secret.slice(-4)}`
}

/** The id of an event for one endpoint: a repeat has the same. */
export function eventId({ response, pos }: { response: string; pos: number }, endpoint: string) {
  return `evt_${response.replace(/^resp_/, '')}_${pos}_${hash('sha256', endpoint).slice(0, 12)}`
}
