import type { Delta, Fact, LonghaulError, ModelQuota, Result, SubmitQuota } from '@longhaul/core'
import type { AcceptedTurn, ItemRequest, Tasks, TurnRequest } from '@longhaul/tasks'
import type { z } from 'zod'
import type { Deps } from '../deps.ts'
import type { Call, ErrorHeaders, Reply, RouteDoc } from '../route.ts'
import type { ErrorPaths } from './shared/error-paths.ts'
import type { TurnOptions } from './shared/turn-options.ts'

/**
 * A wire format of turns: its paths, bodies, replies and events. A dialect imports no other dialect. The routes in
 * `routes/responses` serve all of them.
 */
export type Dialect<Request extends RequestSchema = RequestSchema> = {
  /** The name, which the first fact of a turn has as `asked.dialect`. Turns of the first dialect have none. */
  name: string
  bases: Base[]
  /** Whether a body has this dialect, on a path that accepts several. */
  matches(body: object): boolean
  schemas: Schemas<Request>

  parse(request: z.output<Request>, target: Target): TurnRequest | ItemRequest
  /**
   * Whether clients of this dialect repeat a request that waits without an `Idempotency-Key` when its connection is
   * lost, so that a repeat must be recognised.
   */
  isRepeated?: true
  /** Maps an error of `submit` to the error that clients of this dialect expect. */
  explain?(error: LonghaulError, target: Target): LonghaulError
  /** Maps the fields in a domain error to the fields of its bodies. */
  errorPaths: ErrorPaths
  /** Headers that clients of this dialect need with an error. */
  errorHeaders?: ErrorHeaders
  /**
   * Headers with which clients of this dialect learn what their workspace may still submit, and what the rates of the
   * model leave, besides the usual ones.
   */
  quotaHeaders?(quota: SubmitQuota, ofModel: ModelQuota): Record<string, string>

  /** The reply to a request that does not wait for the end of the turn. */
  accepted(turn: AcceptedTurn): object | Promise<object>
  /** The reply when the turn waits for reviews; undefined when it does not. */
  waiting?(turn: AcceptedTurn, context: ReplyContext): Promise<object | undefined>
  /**
   * The reply when the turn has ended; undefined if the signal was aborted first. Rejects if a failed turn is an error
   * in this dialect.
   */
  ended(turn: AcceptedTurn, result: Result, context: ReplyContext): Promise<object | undefined>
  /**
   * The body of a reply whose head was sent, with status 200, when the request had waited as long as it may. Without
   * this method such a request gets `expired`. `ended` is false when the process shuts down before the end of the turn.
   */
  late?(turn: AcceptedTurn, context: LateContext): Promise<object | undefined>
  /** The error when the turn takes longer than a request may wait, and the path of the later reply. */
  expired(turn: AcceptedTurn, request: { agent: string | undefined; path: string }): Expired

  /** The current state of a response. Waits up to `waitMs` milliseconds for the end of the turn. */
  live(response: Named, context: LiveContext): Promise<object>
  /** Whether a GET can request the stream of a response. */
  streamsOnRead: boolean
  /**
   * Whether the connection of a stream is cut that stops before the end of its turn. Clients of such a dialect take
   * every other end for the end of the response, and some of them send the request again at once.
   */
  cutsStreams?: true
  /** Writes the entries of a turn as server-sent events: those after a number, or all. */
  frames(taskId: string, after?: number): (batch: (Fact | Delta)[]) => string
  cancel(response: Named, call: Call, deps: Deps): Promise<Reply>

  docs: Docs
}

/** A path under which the responses of a dialect are served. */
export type Base = {
  path: string
  /** The path parameter that identifies a response. A `task_id` can also identify a task. */
  id: 'task_id' | 'response_id'
  /**
   * Whether the path accepts the bodies of all dialects and returns each response in the dialect in which it was
   * created.
   */
  takesAll?: true
  /** The names of its operations in the OpenAPI document. */
  operationIds: Record<'create' | 'read' | 'start' | 'cancel' | 'delete' | 'inputItems', string>
}

/** Every request selects its reply: a stream, a reply at once, or a reply at the end of the turn; and its options. */
export type RequestSchema = z.ZodType<ReplyMode>
export type ReplyMode = {
  stream?: boolean | null | undefined
  background?: boolean | null | undefined
  longhaul?: TurnOptions | null | undefined
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

/** The workspace, and the agent in the path, if there is one. */
type Target = { workspace: string; agent: string | undefined }

/** The response in a path, or the task of which the latest response is meant. */
export type Named = { workspace: string; agent?: string; id: string }

type ReplyContext = { query: URLSearchParams; tasks: Tasks; signal: AbortSignal }

export type LateContext = Omit<ReplyContext, 'query'> & { ended: boolean }

type LiveContext = ReplyContext & Pick<Call, 'admit'> & { waitMs: number }

type Expired = { message: string; path: string }

/** The texts of the operations in the OpenAPI document. */
type Docs = { tag: RouteDoc['tag'] } & Record<'create' | 'read' | 'cancel' | 'delete', OperationDoc>

type OperationDoc = Pick<
  RouteDoc,
  'summary' | 'description' | 'query' | 'errors' | 'replyHeaders'
> & {
  /** The descriptions of the replies, by status. */
  replies: Record<number, string>
}
