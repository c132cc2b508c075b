import { builtinTools, type PlanTool } from '@longhaul/core'
import { type ServedReply, startScriptedServer, test as base } from '@longhaul/testbed'
import { describe, expect } from 'vitest'
import { runTool } from './run-tool.ts'
import { callNobody, servicesFor } from './services.fixture.ts'

const tool: PlanTool = { kind: 'web_scraper', id: 'web_scraper', ...builtinTools.web_scraper }

const test = base
  .extend('service', { scope: 'file' }, async ({}, { onCleanup }) => {
    const service = await startScriptedServer()
    onCleanup(() => service.close())
    return service
  })
  /** Reads a page for which the service sends this reply. */
  .extend('scrape', ({ service }) => async (reply: ServedReply, options: Given = {}) => {
    service.reply(() => reply)
    return await runTool(options.input ?? { url: `${service.url}/page` }, {
      tool: { ...tool, ...(options.configuration && { configuration: options.configuration }) },
      idempotencyKey: 'resp_1.c1',
      variables: {},
      services: {
        ...servicesFor({ allow: options.allow ?? ['127.0.0.1'] }),
        ...(options.workspace !== undefined && { workspace: options.workspace }),
      },
      callAgent: callNobody,
      signal: options.signal ?? new AbortController().signal,
      now: 0,
    })
  })

type Given = {
  input?: Record<string, unknown>
  configuration?: Record<string, unknown>
  allow?: string[]
  signal?: AbortSignal
  workspace?: string
}

const html = (body: string): ServedReply => ({
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: `<!doctype html><html><head><title>News &amp; more</title><script>let hidden = 1</script>
    <style>p { color: red }</style></head><body>${body}</body></html>`,
})

describe('a page', () => {
  test('is read without its menus and scripts', async ({ scrape, service }) => {
    const page = html(`<nav>Home</nav><h1>Ships</h1><p>One <a href="https://a.example/x">left</a>
      today.</p><table><tr><th>Name</th><th>Port</th></tr><tr><td>Ada</td><td>Rome</td></tr></table>
      <footer>imprint</footer>`)
    const outcome = await scrape(page)
    expect(outcome).toEqual({
      ok: true,
      result: { url: `${service.url}/page`, title: 'News & more', text: expect.any(String) },
    })
    const { text } = (outcome as { result: { text: string } }).result
    expect(text).toContain('Ships\n\nOne left [https://a.example/x] today.')
    expect(text).toMatch(/Ada +Rome/)
    expect(text).not.toMatch(/hidden|color|Home|imprint/)
  })

  test('is its main part where it names one', async ({ scrape }) => {
    const page = html('<div>All about us</div><main><p>The news</p></main>')
    expect(await scrape(page)).toMatchObject({ result: { text: 'The news' } })
  })

  test('in another character set is decoded', async ({ scrape }) => {
    const body = Buffer.from('<p>caf\xe9</p>', 'latin1')
    const headers = { 'content-type': 'text/html; charset=iso-8859-1' }
    expect(await scrape({ headers, body })).toMatchObject({ result: { text: 'café' } })
  })

  test('that is JSON or plain text is returned unchanged', async ({ scrape }) => {
    expect(await scrape({ body: { a: 1 } })).toMatchObject({ result: { text: '{"a":1}' } })
    expect(await scrape({ body: 'words' })).toMatchObject({ result: { text: 'words' } })
  })

  test('that is too long is cut, with a note', async ({ scrape }) => {
    const outcome = await scrape(html(`<p>${'word '.repeat(50_000)}</p>`))
    expect(JSON.stringify(outcome)).toMatch(/\[cut: the page has/)
  })
})

describe('a failure that the model can read', () => {
  test.for<[ServedReply, RegExp]>([
    [{ headers: { 'content-type': 'image/png' }, body: Buffer.alloc(9) }, /image\/png/],
    [{ status: 404, body: 'gone' }, /the server answered 404/],
    [{ huge: 6 * 1024 * 1024 }, /larger than/],
  ])('%j', async ([reply, error], { scrape }) => {
    expect(await scrape(reply)).toEqual({ ok: false, error: expect.stringMatching(error) })
  })

  test('an address that is not public', async ({ scrape, service }) => {
    service.requests.length = 0
    const outcome = await scrape({}, { allow: [] })
    expect(outcome).toEqual({ ok: false, error: expect.stringContaining('not public') })
    expect(service.requests).toEqual([])
  })

  test('a page that is made to be slow to read', async ({ scrape }) => {
    const deep = html('<div>'.repeat(400_000))
    expect(await scrape(deep)).toEqual({ ok: false, error: expect.stringMatching(/deeply nested/) })
  })
})

test('reading a hostile page leaves the process free, and stops when the call is stopped', async ({
  scrape,
}) => {
  const controller = new AbortController()
  let ticks = 0
  const ticking = setInterval(() => {
    if (++ticks === 20) controller.abort(new Error('cancelled'))
  }, 20)
  const deep = html('<div>'.repeat(400_000))
  await expect(scrape(deep, { signal: controller.signal })).rejects.toThrow('cancelled')
  clearInterval(ticking)
})

test('the configuration of the agent overrides the arguments of the model', async ({
  scrape,
  service,
}) => {
  service.requests.length = 0
  const configuration = { url: `${service.url}/fixed` }
  await scrape({ body: 'x' }, { input: { url: `${service.url}/other` }, configuration })
  expect(service.requests.map(({ path }) => path)).toEqual(['/fixed'])
})

test('of too many pages of one workspace some are refused, and the page of another workspace is read', async ({
  scrape,
}) => {
  const page = html('<p>The news</p>')
  const many = Array.from({ length: 40 }, () => scrape(page, { workspace: 'alpha' }))
  const other = scrape(page, { workspace: 'beta' })
  expect(await other).toMatchObject({ ok: true, result: { text: 'The news' } })
  const outcomes = await Promise.all(many)
  const refused = outcomes.filter((outcome) => outcome !== 'later' && !outcome.ok)
  expect(refused.length).toBeGreaterThan(10)
  expect(refused[0]).toMatchObject({
    error: expect.stringContaining('The queue for web pages is full'),
  })
})
