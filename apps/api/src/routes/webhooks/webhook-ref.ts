import type { Call } from '../../route.ts'

/** The path parameter with the id of an endpoint. */
export type WebhookParameter = 'webhook_id' | 'webhook_endpoint_id'

/** The endpoint that a path names. */
export function webhookRef(
  { workspace, params }: Pick<Call, 'workspace' | 'params'>,
  parameter: WebhookParameter,
) {
  return { workspace, id: params[parameter] ?? '' }
}
