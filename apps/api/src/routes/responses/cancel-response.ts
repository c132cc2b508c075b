import { hasEnded, type Status } from '@longhaul/core'
import { z } from 'zod'
import { FormatQuery } from '../../dialects/index.ts'
import { oneOf } from '../../dialects/shared/one-of.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'
import { type Mount, namedAt } from './mount.ts'
import { replyDialect } from './reply-dialect.ts'

/** Cancels a turn. */
export function cancelResponse(mount: Mount): Route {
  const { base, dialect, guests } = mount
  const { docs, schemas } = dialect
  const { query } = docs.cancel
  const ended = oneOf([schemas.live, ...guests.map((guest) => guest.schemas.live)])
  const replies = Object.entries(docs.cancel.replies).map(
    ([status, text]) => [status, json(text, status === '200' ? ended : schemas.live)] as const,
  )
  return {
    method: 'post',
    errorHeaders: dialect.errorHeaders,
    path: `${base.path}/:${base.id}/cancel`,
    doc: {
      ...docs.cancel,
      operationId: base.operationIds.cancel,
      tag: docs.tag,
      ...(base.takesAll && { query: (query ?? z.object({})).extend(FormatQuery.shape) }),
      replies: Object.fromEntries(replies),
    },
    async handle(call, deps) {
      const named = namedAt(base, call)
      if (!base.takesAll) return await dialect.cancel(named, call, deps)
      // A cancel of a live turn is never refused.
      const admit = (bytes: number, status: Status) => {
        if (hasEnded(status)) call.admit(bytes)
      }
      const found = await replyDialect(named, mount, {
        query: call.query,
        tasks: deps.tasks,
        admit,
      })
      return await found.cancel(named, call, deps)
    },
  }
}
