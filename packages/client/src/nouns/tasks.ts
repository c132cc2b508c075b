import { WaitError } from '../errors.ts'
import { type EventsOptions, type TaskEvent, watchEvents } from '../events/watch-events.ts'
import type { BodyOf, QueryOf } from '../operation.ts'
import type { Request } from '../request/create-request.ts'
import { newKey } from '../request/new-key.ts'
import type { CallOptions } from '../request/request-options.ts'
import type { Send } from '../request/send.ts'
import type { LogEntry, Response, Task, TasksQuery } from '../types.ts'
import { agentKeys, type TaskRef } from './agent-keys.ts'
import { itemsOf } from './pages.ts'
import { waitForEnd } from './wait-for-end.ts'

type OrqBody = Extract<BodyOf<'post', '/v2/agents/{agent_key}/responses'>, { message: unknown }>
/** A turn to submit: a text, or the body of the request. */
export type NewTurn = string | Omit<OrqBody, 'background' | 'stream'>

type Ports = { send: Send; request: Request; patienceMs: number }
type DeliveriesQuery = NonNullable<QueryOf<'get', `${typeof path}/deliveries`>>
type LogQuery = { after?: number; limit?: number; wait?: number }

const path = '/v2/agents/{agent_key}/responses/{task_id}'

export function createTasks({ send, request, patienceMs }: Ports) {
  const pathOf = agentKeys(request)
  const list = (query: TasksQuery = {}, call: CallOptions = {}) =>
    request('get', '/v2/responses', { ...call, query })
  const log = async (ref: TaskRef, query: LogQuery = {}, call: CallOptions = {}) => {
    const waitMs = (query.wait ?? 0) * 1_000
    return await request('get', `${path}/log`, {
      ...call,
      path: await pathOf(ref, call),
      query,
      waitMs,
    })
  }
  const get = (id: string, query: GetQuery = {}, call: CallOptions = {}) =>
    request('get', '/v2/responses/{task_id}', {
      ...call,
      path: { task_id: id },
      query,
      waitMs: (query.wait ?? 0) * 1_000,
    })

  return {
    /** One page of tasks, the newest first. */
    list,
    /** All tasks that match, the newest first. */
    all: (query: TasksQuery = {}, call: CallOptions = {}): AsyncGenerator<Task> =>
      itemsOf(
        (after) => list({ ...query, ...(after !== undefined && { starting_after: after }) }, call),
        ({ task_id: id }) => id,
      ),
    get,

    /** Starts a turn, and resolves when it is accepted. A repeat after a lost reply cannot start a second turn. */
    async submit(
      agent: string,
      turn: NewTurn,
      { idempotencyKey = newKey(), headers, ...call }: SubmitOptions = {},
    ): Promise<Response> {
      const body = { ...(typeof turn === 'string' ? messageOf(turn) : turn), background: true }
      const response = await request('post', '/v2/agents/{agent_key}/responses', {
        ...call,
        path: { agent_key: agent },
        headers: { ...headers, 'idempotency-key': idempotencyKey },
        body,
        repeatable: true,
      })
      return response as Response
    },

    /** Waits until the latest turn of the task has ended, also while the server restarts. */
    wait: (id: string, options: { timeoutMs?: number } & CallOptions = {}): Promise<Task> =>
      waitForEnd((wait) => get(id, { wait }, options), {
        ...options,
        patienceMs,
        late: () => new WaitError(`task ${id} has not ended yet`),
      }),

    /** The events of the latest turn, or those after a cursor. It reconnects by itself. */
    async *events(
      ref: TaskRef,
      options: EventsOptions = {},
    ): AsyncGenerator<TaskEvent, void, undefined> {
      yield* watchEvents({ send, path: await pathOf(ref, options), patienceMs }, options)
    },

    async cancel(
      ref: TaskRef,
      { wait, ...call }: { wait?: number } & CallOptions = {},
    ): Promise<Task> {
      const task = await request('post', `${path}/cancel`, {
        ...call,
        path: await pathOf(ref, call),
        query: { ...(wait !== undefined && { wait }), format: 'orq' },
        waitMs: (wait ?? 0) * 1_000,
        repeatable: true,
      })
      return task as Task
    },

    /** Continues a failed turn from the step where it stopped. */
    redrive: async (ref: TaskRef, call: CallOptions = {}) =>
      await request('post', `${path}/redrive`, {
        ...call,
        path: await pathOf(ref, call),
        repeatable: true,
      }),

    /** One page of the webhook deliveries of a task, the newest first. */
    deliveries: async (ref: TaskRef, query: DeliveriesQuery = {}, call: CallOptions = {}) =>
      await request('get', `${path}/deliveries`, { ...call, path: await pathOf(ref, call), query }),

    /** Starts a turn that waits for its start time, or moves that time. */
    async start(ref: TaskRef, startAt?: string, call: CallOptions = {}): Promise<Task> {
      const body = startAt === undefined ? {} : { start_at: startAt }
      const options = { ...call, path: await pathOf(ref, call), body, repeatable: true }
      return (await request('post', `${path}/start`, options)) as Task
    },

    /** Cancels the task and deletes all its data. */
    async delete(ref: TaskRef, call: CallOptions = {}): Promise<void> {
      await request('delete', path, { ...call, path: await pathOf(ref, call) })
    },

    /** One page of the log. */
    log,
    /** The whole log, as it is now. */
    async *logEntries(
      ref: TaskRef,
      call: CallOptions = {},
    ): AsyncGenerator<LogEntry, void, undefined> {
      const read = (after: string | undefined) =>
        log(ref, { limit: 200, ...(after !== undefined && { after: Number(after) }) }, call)
      yield* itemsOf(read, ({ id }) => String(id))
    },

    /** A token for an `EventSource`, which opens the events of this task and nothing else. */
    async watchToken(ref: TaskRef, expiresIn?: number, call: CallOptions = {}) {
      const body = expiresIn === undefined ? {} : { expires_in: expiresIn }
      return await request('post', `${path}/watch-token`, {
        ...call,
        path: await pathOf(ref, call),
        body,
      })
    },
  }
}

type GetQuery = { wait?: number; include?: 'messages' }
type SubmitOptions = CallOptions & { idempotencyKey?: string }

function messageOf(text: string) {
  return { message: { role: 'user' as const, parts: [{ kind: 'text' as const, text }] } }
}
