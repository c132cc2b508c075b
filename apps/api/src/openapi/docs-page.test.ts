import { expect, test } from 'vitest'
import { routes } from '../routes/index.ts'
import { serve } from '../http/test-server.fixture.ts'

const types: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  png: 'image/png',
}

async function page() {
  const { url, raw } = await serve(routes)
  const response = await fetch(`${url}/docs`)
  const html = await response.text()
  const links = [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, link = '']) => link)
  return { url, raw, response, html, links }
}

test('the page and all files that it loads come from this server, and are cached forever', async () => {
  const { url, response, links } = await page()
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(links).toHaveLength(4)
  for (const link of links) {
    expect(link).toMatch(/^\.\/docs\/[0-9a-f]{16}\/[\w.-]+$/)
    const asset = await fetch(new URL(link, `${url}/docs`))
    expect([link, asset.status]).toEqual([link, 200])
    expect(asset.headers.get('content-type')).toBe(types[link.split('.').at(-1) ?? ''])
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect((await asset.bytes()).length).toBe(Number(asset.headers.get('content-length')))
  }
})

test('the page names no other server, and its policy allows no requests to one', async () => {
  const { url, response, html, links } = await page()
  expect(html).not.toMatch(/https?:|\/\//)
  const policy = response.headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'; script-src 'self'; ")
  const sources = policy.split('; ').flatMap((directive) => directive.split(' ').slice(1))
  expect(new Set(sources)).toEqual(new Set(["'none'", "'self'", "'unsafe-inline'", 'data:']))
  const start = await (await fetch(new URL(links.at(-1) ?? '', `${url}/docs`))).text()
  expect(start).toContain("new URL('../../openapi.json', document.currentScript.src)")
  expect(start).not.toMatch(/\/\//)
})

test.each([
  '/docs/package.json',
  '/docs/../package.json',
  '/docs/%2e%2e/package.json',
  '/docs/..%2f..%2fpackage.json',
  '/docs/0123456789abcdef/swagger-ui.css',
  '<folder>/package.json',
  '<folder>/../../../etc/passwd',
  '<folder>/..%2fpackage.json',
  '<folder>/swagger-ui.css%00',
])('%s leads to no file', async (path) => {
  const { raw, links } = await page()
  const [folder = ''] = /\/docs\/\w+/.exec(links[1] ?? '') ?? []
  const target = path.replace('<folder>', folder)
  const { text } = await raw(`GET ${target} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`).all
  expect(text).toMatch(/^HTTP\/1\.1 404 /)
})
