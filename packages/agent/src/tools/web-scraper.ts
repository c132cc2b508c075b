import { cutText, createFairQueue, limits } from '@longhaul/core'
import { decodeText } from './http-request/decode-text.ts'
import { fetchWithRetries } from './http-request/fetch-with-retries.ts'
import { type ReadableText, readableText } from './web-page/readable-text.ts'
import type { ToolKind } from './tool-kind.ts'

/** Reads a page: the readable text of HTML, and any other text unchanged. */
export const webScraper: ToolKind<'web_scraper'> = async ({ url }, { services, pause, signal }) => {
  if (typeof url !== 'string') throw new Error('the url must be a text')
  const request = {
    url,
    headers: { accept: 'text/html, application/xhtml+xml, text/*;q=0.9, application/json;q=0.8' },
    signal,
    timeoutMs: limits.toolTimeout,
    maxBytes: limits.page,
  }
  const reply = await fetchWithRetries(services.egress, request, { repeatable: true })
  const { status } = reply
  if (status < 200 || status > 299) throw new Error(`the server answered ${status}`)
  const type = reply.headers['content-type'] ?? ''
  const text = decodeText(reply.body, type)
  const page = /html/.test(type) ? await read(text) : plain(text, type)
  return { url: reply.url, ...page, text: cut(page.text) }

  async function read(html: string): Promise<ReadableText> {
    const resume = pause()
    return await queue.run(
      services.workspace,
      async () => {
        resume()
        return await readableText(html, signal)
      },
      { signal },
    )
  }
}

/** Shared by all calls of the process. Each page is read on its own thread. */
const queue = createFairQueue({ name: 'web pages', ...limits.pageThreads })

function plain(text: string, type: string): { text: string } {
  if (/^text\/|json|xml|^$/.test(type)) return { text }
  throw new Error(`the page is of the type ${cutText(type, 100)}, which is no text`)
}

function cut(text: string): string {
  const limit = limits.toolResultForModel
  return text.length <= limit
    ? text
    : `${cutText(text, limit)}\n[cut: the page has ${text.length} characters]`
}
