import type { BodyOf, QueryOf } from '../operation.ts'
import type { Request } from '../request/create-request.ts'
import type { CallOptions } from '../request/request-options.ts'

const limitsPath = '/v2/admin/workspaces/{workspace}/limits'
type TasksQuery = NonNullable<QueryOf<'get', '/v2/admin/tasks'>>
type DoctorQuery = NonNullable<QueryOf<'get', '/v2/admin/doctor'>>

export function createAdmin(request: Request) {
  return {
    /** The state of the installation: turns, jobs and workers. */
    overview: (call: CallOptions = {}) => request('get', '/v2/admin', call),
    /** The demand for workers. */
    scale: (call: CallOptions = {}) => request('get', '/v2/admin/scale', call),
    tasks: (query: TasksQuery = {}, call: CallOptions = {}) =>
      request('get', '/v2/admin/tasks', { ...call, query }),
    /** Redrives all failed tasks that match, at a pace. */
    redrive: (body: BodyOf<'post', '/v2/admin/redrive'>, call: CallOptions = {}) =>
      request('post', '/v2/admin/redrive', { ...call, body }),
    /** Pauses the installation, or a workspace: no turn starts. */
    pause: (call: CallOptions = {}) =>
      request('post', '/v2/admin/pause', { ...call, repeatable: true }),
    resume: (call: CallOptions = {}) =>
      request('post', '/v2/admin/resume', { ...call, repeatable: true }),
    limits: (workspace: string, call: CallOptions = {}) =>
      request('get', limitsPath, { ...call, path: { workspace } }),
    changeLimits: (
      workspace: string,
      body: BodyOf<'patch', typeof limitsPath>,
      call: CallOptions = {},
    ) => request('patch', limitsPath, { ...call, path: { workspace }, body, repeatable: true }),
    /** Compares each task with the sets that should contain it. */
    diagnose: (query: DoctorQuery = {}, call: CallOptions = {}) =>
      request('get', '/v2/admin/doctor', { ...call, query }),
    repair: (query: DoctorQuery = {}, call: CallOptions = {}) =>
      request('post', '/v2/admin/doctor', { ...call, query }),
  }
}
