import type { LonghaulError } from '@longhaul/core'
import type { Request, RequestHandler, Response } from 'express'
import type { z } from 'zod'
import type { Principal } from './auth/principal.ts'
import type { Deps } from './deps.ts'
import type { ErrorPaths } from './dialects/shared/error-paths.ts'

/** A request as a route receives it: the workspace of the caller, decoded path parameters, the parsed body. */
export type Call<Body = unknown> = {
  workspace: string
  principal: Principal
  params: Record<string, string>
  query: URLSearchParams
  body: Body
  /** Call it when the body is stored or not needed any more: it then no longer counts as bytes in flight. */
  bodyDone: () => void
  /**
   * Call it before this number of bytes is loaded for the reply: large ones count as bytes in flight. Throws if there
   * would be too many. After that, the reply is not refused.
   */
  admit: (bytes: number) => void
  requestId: string
  request: Request
  response: Response
}

/**
 * The reply of a route. A route that answers by itself (a stream) returns undefined. A body of bytes is JSON already
 * and is sent unchanged. A `large` body may have many megabytes, in its lists. It is refused while there are too many
 * bytes in flight, unless it is `owed`: it reports a write that was made, and a refused caller would repeat the write.
 */
export type Reply = SmallReply | LargeReply
export type LargeReply = SmallReply & { large: true; owed?: boolean; body: object }
type SmallReply = { status: number; body?: unknown; headers?: Record<string, string> | undefined }

/** `body` is the schema of the body. A schema that accepts undefined makes the body optional. */
type Endpoint<Body extends z.ZodType> = {
  method: 'get' | 'post' | 'patch' | 'delete'
  path: string
  body?: Body
  /** Bodies of other dialects that the path also accepts. */
  variants?: Variant[]
  /** Whether the route refuses unknown fields that other systems support. */
  refusesUnsupported?: true
  /** The names of domain fields in errors, if the dialect is not orq's. */
  errorPaths?: ErrorPaths
  errorHeaders?: ErrorHeaders | undefined
  doc: RouteDoc
}

/** Headers of the reply to a failed request. */
export type ErrorHeaders = (error: LonghaulError) => Record<string, string>

type Variant = {
  matches: (body: object) => boolean
  body: z.ZodType
  errorPaths?: ErrorPaths
  errorHeaders?: ErrorHeaders | undefined
  handle(call: Call, deps: Deps): Promise<Reply | undefined>
}

/** A variant of a route, with its own body schema. */
export function variant<Body extends z.ZodType>(
  definition: Omit<Variant, 'body' | 'handle'> & {
    body: Body
    handle(call: Call<z.output<Body>>, deps: Deps): Promise<Reply | undefined>
  },
): Variant {
  return definition
}

/** A route for the key of a workspace. With `watch`, a watch token of the task is also accepted. */
export type Route<Body extends z.ZodType = z.ZodType> = Endpoint<Body> & {
  /** The scope that the caller must have; `workspace` if absent. */
  auth?: 'workspace' | 'watch'
  // A method, so that a table can hold routes of different bodies.
  handle(call: Call<z.output<Body>>, deps: Deps): Promise<Reply | undefined>
}

/** A route for the operator's key, across workspaces. */
export type OperatorRoute<Body extends z.ZodType = z.ZodType> = Endpoint<Body> & {
  auth: 'operator'
  handle(call: Omit<Call<z.output<Body>>, 'workspace'>, deps: Deps): Promise<Reply | undefined>
}

export type AnyRoute = Route | OperatorRoute

export function isForOperator(route: AnyRoute): route is OperatorRoute {
  return route.auth === 'operator'
}

/** A route that needs no key. */
export type PublicRoute = { path: string; doc?: RouteDoc; handle: RequestHandler }

/** The description of a route in the OpenAPI document, besides its method, path and body. */
export type RouteDoc = {
  operationId: string
  tag:
    | 'Responses'
    | 'OpenAI Responses'
    | 'Agents'
    | 'Tools'
    | 'Webhooks'
    | 'Schedules'
    | 'Operations'
    | 'Health'
  summary: string
  description?: string
  query?: z.ZodObject
  headers?: z.ZodObject
  /** Whether each reply tells what the workspace may still submit. */
  tellsQuota?: boolean
  /** Further headers of the replies. */
  replyHeaders?: Record<string, z.ZodType>
  /** The replies of success, by status. */
  replies: Record<number, ReplyDoc>
  /** The errors that not every route has: by status, the condition. */
  errors?: Record<number, string>
}

/** A reply without `content` has no body; several kinds of content are alternatives. */
export type ReplyDoc = { description: string; content?: Record<string, z.ZodType> }
