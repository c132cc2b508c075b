import type { Call } from '../../route.ts'

/** The endpoint that a path names, with this parameter. */
export function webhookRef(
  { workspace, params }: Pick<Call, 'workspace' | 'params'>,
  parameter: 'webhook_id' | 'webhook_endpoint_id',
) {
  return { workspace, id: params[parameter] ?? '' }
}
