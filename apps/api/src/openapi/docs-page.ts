import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename } from 'node:path'
import { sendReply } from '../reply/send-reply.ts'
import type { PublicRoute } from '../route.ts'

const require = createRequire(import.meta.url)

const styles = file(require.resolve('swagger-ui-dist/swagger-ui.css'), 'text/css; charset=utf-8')
const ui = file(
  require.resolve('swagger-ui-dist/swagger-ui-bundle.js'),
  'text/javascript; charset=utf-8',
)
const icon = file(require.resolve('swagger-ui-dist/favicon-32x32.png'), 'image/png')
const start = asset(
  'start.js',
  'text/javascript; charset=utf-8',
  Buffer.from(`const { href } = new URL('../../openapi.json', document.currentScript.src)
SwaggerUIBundle({ url: href, dom_id: '#docs', deepLinking: true })
`),
)

/** The links are relative, so they work behind a proxy that serves this server under a prefix. */
const html = (root: string) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Longhaul API</title>
    <link rel="icon" href="${root}${icon.path}">
    <link rel="stylesheet" href="${root}${styles.path}">
  </head>
  <body>
    <div id="docs"></div>
    <script src="${root}${ui.path}"></script>
    <script src="${root}${start.path}"></script>
  </body>
</html>
`

/** The page at /docs, which shows the OpenAPI document, and the files that it loads. All come from this server. */
export const docsPage: PublicRoute[] = [
  {
    path: '/docs',
    handle(request, response) {
      const headers = {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': policy,
        'cache-control': 'no-cache',
      }
      const body = Buffer.from(html(request.path.endsWith('/') ? '..' : '.'))
      sendReply(response, { status: 200, body, headers })
    },
  },
  styles,
  ui,
  icon,
  start,
]

// Swagger UI sets styles on elements, and its icons are data URLs.
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

function file(path: string, type: string): PublicRoute {
  return asset(basename(path), type, readFileSync(path))
}

/** A file whose path changes with its content, so clients can cache it forever. */
function asset(name: string, type: string, body: Buffer): PublicRoute {
  const version = hash('sha256', body).slice(0, 16)
  const headers = { 'content-type': type, 'cache-control': 'public, max-age=31536000, immutable' }
  return {
    path: `/docs/${version}/${name}`,
    handle(_request, response) {
      sendReply(response, { status: 200, body, headers })
    },
  }
}
