import { readFile, readdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { LonghaulError } from '@longhaul/core'
import type { Request, RequestHandler, Response } from 'express'
import { sendReply } from '../reply/send-reply.ts'

/** Where the build of `apps/dashboard` is. */
const builtIn = fileURLToPath(new URL('../../../dashboard/dist/', import.meta.url))

type StoredFile = { type: string; body: Buffer; zipped: Buffer }

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** The page loads everything from this server, and no other page may embed it. */
const policy = [
  "default-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

/**
 * Serves the dashboard: its assets under their hashed names, and its page at every other path, because the page has the
 * routes. The files are read at the first request after the build, and stay in memory.
 */
export function dashboardFiles(folder = builtIn): RequestHandler {
  let files: Promise<Map<string, StoredFile>> | undefined
  return async (request, response) => {
    files ??= readFiles(folder)
    const known = await files
    if (known.size === 0) {
      files = undefined
      sendNotBuilt(response)
      return
    }
    const name = request.path.slice('/dashboard/'.length)
    const isAsset = name.startsWith('assets/')
    const file = known.get(isAsset ? name : 'index.html')
    if (file === undefined) throw new LonghaulError('not_found', 'The dashboard has no such file.')
    send(file, { request, response, isAsset })
  }
}

async function readFiles(folder: string): Promise<Map<string, StoredFile>> {
  const files = new Map<string, StoredFile>()
  for (const name of ['index.html', ...(await assetsIn(folder))]) {
    const body = await readFile(join(folder, name)).catch(() => undefined)
    if (body === undefined) return new Map()
    const type = types[extname(name)] ?? 'application/octet-stream'
    files.set(name, { type, body, zipped: await promisify(gzip)(body) })
  }
  return files
}

async function assetsIn(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, 'assets')).catch(() => [])
  return names.map((name) => `assets/${name}`)
}

type Sending = { request: Request; response: Response; isAsset: boolean }

function send(file: StoredFile, { request, response, isAsset }: Sending): void {
  const isZipped = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
  sendReply(response, {
    status: 200,
    body: isZipped ? file.zipped : file.body,
    headers: {
      'content-type': file.type,
      'content-security-policy': policy,
      'cross-origin-opener-policy': 'same-origin',
      vary: 'accept-encoding',
      ...(isZipped && { 'content-encoding': 'gzip' }),
      'cache-control': isAsset ? 'public, max-age=31536000, immutable' : 'no-cache',
    },
  })
}

function sendNotBuilt(response: Response): void {
  const text =
    'The dashboard is not built yet.\n\n' +
    'Run `npm run dashboard` in the folder of Longhaul, and load this page again.\n' +
    '`npm start` builds it by itself.\n'
  const headers = { 'content-type': 'text/plain; charset=utf-8' }
  sendReply(response, { status: 503, body: Buffer.from(text), headers })
}
