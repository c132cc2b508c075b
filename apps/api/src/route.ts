import type { Request, RequestHandler, Response } from 'express'
import type { z } from 'zod'
import type { Principal } from './auth/principal.ts'
import type { Deps } from './deps.ts'
import type { ErrorPaths } from './dialects/shared/error-paths.ts'

/** What a route is given: the caller's workspace, decoded path parameters, the body as its schema has it. */
export type Call<Body = unknown> = {
  workspace: string
  /** Who calls. */
  principal: Principal
  params: Record<string, string>
  query: URLSearchParams
  body: Body
  /** What the body holds is stored, or not needed any more: it counts no longer among the bytes under way. */
  bodyDone: () => void
  /**
   * So many bytes are loaded for the reply: large ones count among the bytes under way. Throws where these would be too
   * many; when they are loaded, the reply is not refused any more.
   */
  admit: (bytes: number) => void
  requestId: string
  request: Request
  response: Response
}

/**
 * What is sent; a route that has answered by itself (a stream) returns nothing.
 * A body of bytes is JSON already and is sent as it is. A `large` one may have many megabytes, in its lists. It is
 * refused while too much is under way, unless it is `owed`: it tells of a write that was made, and a caller that is
 * refused would make that again.
 */
export type Reply = SmallReply | LargeReply
export type LargeReply = SmallReply & { large: true; owed?: boolean; body: object }
type SmallReply = { status: number; body?: unknown; headers?: Record<string, string> | undefined }

/** `body` is what a request must bring; a schema that takes undefined makes it optional. */
type Endpoint<Body extends z.ZodType> = {
  method: 'get' | 'post' | 'patch' | 'delete'
  path: string
  body?: Body
  /** Bodies of other dialects that the path takes, too. */
  variants?: Variant[]
  /** Whether fields that no schema knows are refused where other systems act on them. */
  refusesUnsupported?: true
  /** How its dialect names the fields of the domain in errors, if that is not orq's. */
  errorPaths?: ErrorPaths
  doc: RouteDoc
}

type Variant = {
  isMeant: (given: object) => boolean
  body: z.ZodType
  errorPaths?: ErrorPaths
  handle(call: Call, deps: Deps): Promise<Reply | undefined>
}

/** A variant of a route, whose body is as its own schema has it. */
export function variant<Body extends z.ZodType>(
  given: Omit<Variant, 'body' | 'handle'> & {
    body: Body
    handle(call: Call<z.output<Body>>, deps: Deps): Promise<Reply | undefined>
  },
): Variant {
  return given
}

/** What the key of a workspace opens; with `watch`, a watch token of the task, too. */
export type Route<Body extends z.ZodType = z.ZodType> = Endpoint<Body> & {
  /** The scope that the caller must have; `workspace` if absent. */
  auth?: 'workspace' | 'watch'
  // A method, so that a table can hold routes of different bodies.
  handle(call: Call<z.output<Body>>, deps: Deps): Promise<Reply | undefined>
}

/** What the operator's key opens, across workspaces. */
export type OperatorRoute<Body extends z.ZodType = z.ZodType> = Endpoint<Body> & {
  auth: 'operator'
  handle(call: Omit<Call<z.output<Body>>, 'workspace'>, deps: Deps): Promise<Reply | undefined>
}

export type AnyRoute = Route | OperatorRoute

export function isForOperator(route: AnyRoute): route is OperatorRoute {
  return route.auth === 'operator'
}

/** What is served to anybody who asks, without a key. */
export type PublicRoute = { path: string; doc?: RouteDoc; handle: RequestHandler }

/** What the OpenAPI document tells of a route beside its method, path and body. */
export type RouteDoc = {
  operationId: string
  tag: 'Responses' | 'OpenAI Responses' | 'Agents' | 'Tools' | 'Operations' | 'Health'
  summary: string
  description?: string
  query?: z.ZodObject
  headers?: z.ZodObject
  /** By status: the replies to what went well. */
  replies: Record<number, ReplyDoc>
  /** By status, when: the errors that not every route has. */
  errors?: Record<number, string>
}

/** A reply without `content` has no body; several kinds of content are alternatives. */
export type ReplyDoc = { description: string; content?: Record<string, z.ZodType> }
