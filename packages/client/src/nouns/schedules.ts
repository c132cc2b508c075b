import type { BodyOf, QueryOf, ReplyOf } from '../operation.ts'
import type { Request } from '../request/create-request.ts'
import { newKey } from '../request/new-key.ts'
import type { CallOptions } from '../request/request-options.ts'

const all = '/v3/agents/{agent_key}/schedules'
const path = `${all}/{schedule_id}` as const
type ScheduleRun = ReplyOf<'get', `${typeof path}/runs`>['runs'][number]
type RunsQuery = NonNullable<QueryOf<'get', `${typeof path}/runs`>>

/** A schedule of an agent, by the key of the agent and the id of the schedule. */
type Ref = { agent: string; id: string }
const namesOf = ({ agent, id }: Ref) => ({ agent_key: agent, schedule_id: id })

export function createSchedules(request: Request) {
  const runs = (ref: Ref, query: RunsQuery = {}, call: CallOptions = {}) =>
    request('get', `${path}/runs`, { ...call, path: namesOf(ref), query })
  return {
    /** All schedules of an agent. */
    list: (agent: string, call: CallOptions = {}) =>
      request('get', all, { ...call, path: { agent_key: agent } }),
    get: (ref: Ref, call: CallOptions = {}) =>
      request('get', path, { ...call, path: namesOf(ref) }),
    create: (agent: string, body: BodyOf<'post', typeof all>, call: CallOptions = {}) =>
      request('post', all, { ...call, path: { agent_key: agent }, body }),
    update: (ref: Ref, body: BodyOf<'patch', typeof path>, call: CallOptions = {}) =>
      request('patch', path, { ...call, path: namesOf(ref), body }),
    delete: (ref: Ref, call: CallOptions = {}) =>
      request('delete', path, { ...call, path: namesOf(ref) }),
    /** Runs the schedule now, besides its times. A repeat after a lost reply cannot start a second run. */
    trigger: (
      ref: Ref,
      {
        idempotencyKey = newKey(),
        headers,
        ...call
      }: CallOptions & { idempotencyKey?: string } = {},
    ) =>
      request('post', `${path}/execution`, {
        ...call,
        path: namesOf(ref),
        headers: { ...headers, 'idempotency-key': idempotencyKey },
        repeatable: true,
      }),
    /** One page of what became of the occurrences: those that wait, then the latest. */
    runs,
    async *allRuns(ref: Ref, call: CallOptions = {}): AsyncGenerator<ScheduleRun> {
      for (let skip = 0; ;) {
        const page = await runs(ref, { skip, limit: 100 }, call)
        yield* page.runs
        skip += page.runs.length
        if (!page.has_more) return
      }
    },
    /** Runs the occurrences of a past time span. */
    backfill: (ref: Ref, body: BodyOf<'post', `${typeof path}/backfill`>, call: CallOptions = {}) =>
      request('post', `${path}/backfill`, { ...call, path: namesOf(ref), body }),
  }
}
