import type { BodyOf, Method, NamesOf, PathOf, QueryOf, ReplyOf } from '../operation.ts'
import type { RequestOptions } from './request-options.ts'
import type { Send, SendOptions } from './send.ts'

export type Request = ReturnType<typeof createRequest>

/** Calls the operations of the OpenAPI document, with their types. */
export function createRequest(send: Send) {
  return async <M extends Method, P extends PathOf<M>>(
    method: M,
    path: P,
    options: RequestOptions<NamesOf<M, P>, QueryOf<M, P>, BodyOf<M, P>> & { waitMs?: number } = {},
  ): Promise<ReplyOf<M, P>> => {
    const response = await send(method, path, options as SendOptions)
    const text = await response.text()
    return (text === '' ? undefined : JSON.parse(text)) as ReplyOf<M, P>
  }
}
