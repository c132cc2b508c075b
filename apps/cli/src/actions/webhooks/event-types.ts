import type { BodyOf } from '@longhaul/client'
import type { Given } from '../../spec.ts'

type Pattern = BodyOf<'post', '/v1/webhook_endpoints'>['event_types'][number]
export type EventType = BodyOf<
  'post',
  '/v1/webhook_endpoints/{webhook_endpoint_id}/test'
>['event_type']

/** The types of `--event`, which the server checks. All types by default. */
export function eventTypesOf(given: Given): Pattern[] {
  const types = given.texts('event') as Pattern[]
  return types.length === 0 ? ['*'] : types
}
