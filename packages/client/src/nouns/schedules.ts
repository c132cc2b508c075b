import type { BodyOf, QueryOf, ReplyOf } from '../operation.ts'
import type { Request } from '../request/create-request.ts'
import { newKey } from '../request/new-key.ts'
import type { CallOptions } from '../request/request-options.ts'
import type { Schedule } from '../types.ts'
import { itemsOf } from './pages.ts'

const everyAgent = '/v3/schedules'
const all = '/v3/agents/{agent_key}/schedules'
const path = `${all}/{schedule_id}` as const
type AllQuery = NonNullable<QueryOf<'get', typeof everyAgent>>
type ScheduleRun = ReplyOf<'get', `${typeof path}/runs`>['runs'][number]
type RunsQuery = NonNullable<QueryOf<'get', `${typeof path}/runs`>>

/** A schedule of an agent, by the key of the agent and the id of the schedule. */
type Ref = { agent: string; id: string }
const namesOf = ({ agent, id }: Ref) => ({ agent_key: agent, schedule_id: id })

export function createSchedules(request: Request) {
  const listAll = (query: AllQuery = {}, call: CallOptions = {}) =>
    request('get', everyAgent, { ...call, query })
  const runs = (ref: Ref, query: RunsQuery = {}, call: CallOptions = {}) =>
    request('get', `${path}/runs`, { ...call, path: namesOf(ref), query })
  return {
    /** One page of the schedules of all agents, the newest first. */
    listAll,
    /** The schedules of all agents. */
    all: (call: CallOptions = {}): AsyncGenerator<Schedule> =>
      itemsOf(
        async (after) => {
          const query = { limit: 100, ...(after !== undefined && { starting_after: after }) }
          const { schedules: data, ...page } = await listAll(query, call)
          return { data, ...page }
        },
        ({ _id: id }) => id,
      ),
    /** When a schedule with these times would fire. Nothing is stored. */
    preview: (body: BodyOf<'post', `${typeof everyAgent}/preview`>, call: CallOptions = {}) =>
      request('post', `${everyAgent}/preview`, { ...call, body, repeatable: true }),
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
