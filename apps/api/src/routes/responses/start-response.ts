import { z } from 'zod'
import { oneOf } from '../../dialects/shared/one-of.ts'
import { startAt, startOf } from '../../dialects/shared/turn-options.ts'
import { abortOnDisconnect } from '../../http/abort-on-disconnect.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'
import { type Mount, namedAt } from './mount.ts'
import { replyDialect } from './reply-dialect.ts'

const StartRequest = z
  .object({ start_at: startAt.nullish() })
  .optional()
  .meta({ id: 'StartResponse', description: 'When the turn starts. Without `start_at`: now.' })

/** Starts a turn that waits for its start time, or moves that time. */
export function startResponse(mount: Mount): Route<typeof StartRequest> {
  const { base, dialect, guests } = mount
  const live = oneOf([dialect, ...guests].map(({ schemas }) => schemas.live))
  return {
    method: 'post',
    path: `${base.path}/:${base.id}/start`,
    body: StartRequest,
    doc: {
      operationId: base.operationIds.start,
      tag: dialect.docs.tag,
      summary: 'Start a turn earlier or later',
      description:
        'Moves the start time of a turn that waits for it: to `start_at`, or to now. The deadline and the expiry of the turn move with it. To start a turn that has begun or ended is no error, and changes nothing.',
      replies: { 200: json('The turn in its current state.', live) },
      errors: { 409: 'The turn has begun or ended, so its start cannot be moved to `start_at`.' },
    },
    async handle(call, deps) {
      const named = namedAt(base, call)
      const { query, body, admit, response } = call
      await deps.tasks.moveStart(named, startOf(body?.start_at))
      const found = await replyDialect(named, mount, { query, tasks: deps.tasks, admit })
      const signal = abortOnDisconnect(response)
      const context = { query, tasks: deps.tasks, waitMs: 0, signal, admit }
      return { status: 200, large: true, body: await found.live(named, context) }
    },
  }
}
