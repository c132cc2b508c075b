import { hash } from 'node:crypto'
import { sendReply } from '../reply/send-reply.ts'
import type { PublicRoute } from '../route.ts'

/**
 * A document that is the same for the whole life of the process. Clients keep it and ask whether it
 * still holds, so that a new version of the product is seen at once.
 */
export function publishDocument(path: string, document: object): PublicRoute {
  const body = Buffer.from(JSON.stringify(document))
  const etag = `"${hash('sha256', body, 'base64url')}"`
  const headers = { etag, 'cache-control': 'public, no-cache' }
  return {
    path,
    handle(request, response) {
      const known = request.headers['if-none-match']?.split(',').map(strong).includes(etag)
      sendReply(
        response,
        known === true ? { status: 304, headers } : { status: 200, body, headers },
      )
    },
  }
}

/** A proxy that compresses makes an entity tag weak; the document behind it is the same. */
function strong(tag: string): string {
  return tag.trim().replace(/^W\//, '')
}
