import type { RequestSchema } from '../../dialects/dialect.ts'
import { oneOf } from '../../dialects/shared/one-of.ts'
import { OptionHeaders } from '../../dialects/shared/turn-options.ts'
import { IdempotencyHeader } from '../../request/idempotency-key.ts'
import { type Route, variant } from '../../route.ts'
import type { Mount } from './mount.ts'
import { submitTurn } from './submit-turn.ts'

/** Submits a turn. Replies at once (background), when it has ended, or while it runs (stream). */
export function createResponse({ base, dialect, guests }: Mount): Route<RequestSchema> {
  const { docs, schemas } = dialect
  const all = [schemas, ...guests.map((guest) => guest.schemas)]
  return {
    method: 'post',
    path: base.path,
    body: schemas.request,
    refusesUnsupported: true,
    errorPaths: dialect.errorPaths,
    errorHeaders: dialect.errorHeaders,
    variants: guests.map((guest) =>
      variant({
        matches: (body) => guest.matches(body),
        body: guest.schemas.request,
        errorPaths: guest.errorPaths,
        errorHeaders: guest.errorHeaders,
        handle: (call, deps) => submitTurn(guest, call, deps),
      }),
    ),
    doc: {
      ...docs.create,
      operationId: base.operationIds.create,
      tag: docs.tag,
      headers: IdempotencyHeader.extend(OptionHeaders.shape),
      tellsQuota: true,
      errors: {
        503: 'The store is not available, or the system is overloaded. Retry later.',
        ...docs.create.errors,
      },
      replies: {
        200: {
          description: docs.create.replies[200] ?? '',
          content: {
            'application/json': oneOf(all.map(({ reply }) => reply)),
            'text/event-stream': oneOf(all.map(({ event }) => event)),
          },
        },
      },
    },
    handle: (call, deps) => submitTurn(dialect, call, deps),
  }
}
