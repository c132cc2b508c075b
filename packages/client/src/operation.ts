import type { paths } from './openapi.d.ts'

export type Method = 'get' | 'post' | 'patch' | 'delete'

type Operation<M extends Method, P extends PathOf<M>> = paths[P][M]

/** The paths that have this method. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends { [method in M]: object } ? P : never
}[keyof paths]

/** The names in the path of an operation, and their values. */
export type NamesOf<M extends Method, P extends PathOf<M>> =
  Operation<M, P> extends { parameters: { path: infer Names extends object } } ? Names : never

export type QueryOf<M extends Method, P extends PathOf<M>> =
  Operation<M, P> extends { parameters: { query?: infer Query } } ? Query : never

export type BodyOf<M extends Method, P extends PathOf<M>> =
  Operation<M, P> extends { requestBody?: infer Body }
    ? NonNullable<Body> extends { content: { 'application/json': infer Json } }
      ? Json
      : never
    : never

type Replies<M extends Method, P extends PathOf<M>> =
  Operation<M, P> extends { responses: infer All } ? All[keyof All] : never

/** The JSON of a reply; undefined if the reply has no content. */
export type ReplyOf<M extends Method, P extends PathOf<M>> =
  Replies<M, P> extends infer Reply
    ? Reply extends { content: { 'application/json': infer Json } }
      ? Json
      : undefined
    : never
