import { limits, LonghaulError } from '@longhaul/core'
import { orqErrorPaths } from './dialects/orq/error-paths.ts'
import { refuseUnsupportedFields } from './dialects/shared/unsupported-fields.ts'
import type { RequestHandler } from 'express'
import type { z } from 'zod'
import { identityOf } from './auth/principal.ts'
import { readBody } from './request/read-body.ts'
import type { Deps } from './deps.ts'
import { parse } from './request/parse.ts'
import { sendReply } from './reply/send-reply.ts'
import type { AnyRoute, Reply } from './route.ts'
import { sendCounted, sendLarge } from './reply/send-large.ts'

/** The Express handler of a route: it reads the request for the route and sends its reply. */
export function runRoute(route: AnyRoute, deps: Deps): RequestHandler<Record<string, string>> {
  const { auth: scope = 'workspace' } = route
  // Express serves HEAD with the routes of GET, and Node omits the body.
  return async (request, response) => {
    const { principal, requestId } = response.locals
    if (principal === undefined || !principal.scopes.includes(scope)) {
      throw new LonghaulError('unauthorized', 'A key is needed.')
    }
    const { workspace = '', keyId } = identityOf(principal)
    const { params } = request
    const query = queryOf(request.url)
    const share = deps.bytesInFlight.open({ key: keyId ?? workspace, workspace })
    let loaded = false
    try {
      const rawBody = route.body && (await readBody(request, response, share))
      const matched = (rawBody && route.variants?.find(({ matches }) => matches(rawBody))) ?? route
      const body = matched.body && bodyAs(matched.body, rawBody)
      if (route.refusesUnsupported && rawBody !== undefined)
        refuseUnsupportedFields(rawBody, Object(body) as object)
      const call = {
        workspace,
        principal,
        params,
        query,
        body,
        bodyDone,
        admit,
        requestId,
        request,
        response,
      }
      function bodyDone(): void {
        share.release()
        // A request that waits for the end of its turn must not keep its body in memory.
        call.body = undefined
      }
      function admit(bytes: number): void {
        if (bytes <= limits.bytesInFlight.small) return
        share.take(bytes)
        loaded = true
      }
      let reply: Reply | undefined
      try {
        reply = await matched.handle(call, deps)
      } catch (error) {
        const { errorPaths = orqErrorPaths, errorHeaders } = matched
        if (errorHeaders && error instanceof LonghaulError) {
          response.locals.headers = { ...response.locals.headers, ...errorHeaders(error) }
        }
        throw errorPaths(error)
      }
      if (reply === undefined) return
      if ('large' in reply) {
        await sendLarge(response, { ...reply, owed: loaded || reply.owed }, share)
      } else if (reply.body === undefined || reply.body instanceof Uint8Array) {
        sendReply(response, reply)
      } else {
        // The change was made, so its reply cannot be refused.
        const owed = route.method !== 'get'
        await sendCounted(response, { ...reply, json: JSON.stringify(reply.body), owed }, share)
      }
    } finally {
      share.release()
    }
  }
}

function queryOf(url: string): URLSearchParams {
  const start = url.indexOf('?')
  return start === -1 ? noQuery : new URLSearchParams(url.slice(start + 1))
}

/** Shared, because routes only read it. */
const noQuery = new URLSearchParams()

function bodyAs(schema: z.ZodType, rawBody: object | undefined): unknown {
  if (rawBody === undefined && !schema.safeParse(rawBody).success) {
    throw new LonghaulError('invalid', 'The body is empty: it must be a JSON object.')
  }
  return parse(schema, rawBody)
}
