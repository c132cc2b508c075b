import { hash } from 'node:crypto'
import { sendReply } from '../reply/send-reply.ts'
import type { PublicRoute } from '../route.ts'

/**
 * Serves a document that does not change while the process runs. Clients cache and revalidate it, so they see a new
 * version at once.
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

/** The strong form of an entity tag: a proxy that compresses makes it weak, but the document is the same. */
function strong(tag: string): string {
  return tag.trim().replace(/^W\//, '')
}
