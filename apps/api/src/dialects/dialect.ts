import type { Delta, Fact, LonghaulError, Result } from '@longhaul/core'
import type { AcceptedTurn, Tasks, TurnRequest } from '@longhaul/tasks'
import type { z } from 'zod'
import type { Deps } from '../deps.ts'
import type { Call, Reply, RouteDoc } from '../route.ts'
import type { ErrorPaths } from './shared/error-paths.ts'

/**
 * A wire format of turns: its paths, its bodies, its replies and its events. A dialect imports no other one. The
 * routes in `routes/responses` serve all of them.
 */
export type Dialect<Request extends RequestSchema = RequestSchema> = {
  /** The first fact of a turn names its dialect: `asked.dialect`. Turns of the first dialect name none. */
  name: string
  bases: Base[]
  /** Whether a body is of this dialect, where a path takes several. */
  matches(body: object): boolean
  schemas: Schemas<Request>

  parse(request: z.output<Request>, target: Target): TurnRequest
  /** An error of `submit` as the clients of this dialect know it. */
  explain?(error: LonghaulError, target: Target): LonghaulError
  /** How its bodies name the fields that an error of the domain names. */
  errorPaths: ErrorPaths

  /** The reply to a request that does not wait for the end. */
  accepted(turn: AcceptedTurn): object | Promise<object>
  /** The reply when the turn waits for reviews; undefined when it does not. */
  waiting?(turn: AcceptedTurn, context: ReplyContext): Promise<object | undefined>
  /** The reply when the turn has ended; undefined when the signal came first. Rejects where a failed turn is an error. */
  ended(turn: AcceptedTurn, result: Result, context: ReplyContext): Promise<object | undefined>
  /** The error when the turn lasts longer than a request may wait, and the path where the reply will be. */
  expired(turn: AcceptedTurn, request: { agent: string | undefined; path: string }): Expired

  /** A response as it is now, or after `waitMs` milliseconds at most. */
  live(response: Named, context: LiveContext): Promise<object>
  /** Whether a GET may ask for the stream of a response. */
  streamsOnRead: boolean
  /** Writes what a turn records as server-sent events: those after a number, or all of them. */
  frames(taskId: string, after?: number): (batch: (Fact | Delta)[]) => string
  cancel(response: Named, call: Call, deps: Deps): Promise<Reply>

  docs: Docs
}

/** A path under which the responses of a dialect are served. */
export type Base = {
  path: string
  /** The path parameter that names a response. A `task_id` names a task, too. */
  id: 'task_id' | 'response_id'
  /** The path takes the bodies of all dialects, and returns each response in the dialect in which it was made. */
  takesAll?: true
  /** The names of its operations in the OpenAPI document. */
  operationIds: Record<'create' | 'read' | 'cancel' | 'delete' | 'inputItems', string>
}

/** Every request says how it is answered: as a stream, at once, or when its turn has ended. */
export type RequestSchema = z.ZodType<ReplyMode>
export type ReplyMode = {
  stream?: boolean | null | undefined
  background?: boolean | null | undefined
}

type Schemas<Request> = {
  request: Request
  /** The reply to a POST. */
  reply: z.ZodType
  /** The reply to a GET. */
  live: z.ZodType
  /** A server-sent event. */
  event: z.ZodType
}

/** The agent of the path, where that names one. */
type Target = { workspace: string; agent: string | undefined }

/** A response, or the latest one of a task, as a path names it. */
export type Named = { workspace: string; agent?: string; id: string }

type ReplyContext = { query: URLSearchParams; tasks: Tasks; signal: AbortSignal }

type LiveContext = ReplyContext & Pick<Call, 'admit'> & { waitMs: number }

type Expired = { message: string; path: string }

/** What the OpenAPI document says of the operations. */
type Docs = { tag: RouteDoc['tag'] } & Record<'create' | 'read' | 'cancel' | 'delete', OperationDoc>

type OperationDoc = Pick<RouteDoc, 'summary' | 'description' | 'query' | 'errors'> & {
  /** By status: the descriptions of the replies. */
  replies: Record<number, string>
}
