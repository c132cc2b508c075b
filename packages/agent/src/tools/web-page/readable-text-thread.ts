import { convert, type HtmlToTextOptions } from 'html-to-text'
import { parentPort, workerData } from 'node:worker_threads'

/** Elements that are left out: navigation, and elements that are not text. */
const ignored = [
  'head',
  'title',
  'nav',
  'footer',
  'aside',
  'form',
  'button',
  'img',
  'svg',
  'noscript',
  'iframe',
]

/** The depth to which a page is read. */
const maxDepth = 200

const options: HtmlToTextOptions = {
  wordwrap: false,
  limits: { maxDepth },
  selectors: [
    ...ignored.map((selector) => ({ selector, format: 'skip' })),
    { selector: 'table', format: 'dataTable' },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({
      selector,
      options: { uppercase: false },
    })),
  ],
}

/** The text of the first element that matches; empty where there is none. */
function textWithin(selector: string, how = options): string {
  const baseElements = { selectors: [selector], returnDomByDefault: false }
  return convert(html, { ...how, baseElements, limits: { maxDepth, maxBaseElements: 1 } })
}

const html = String(workerData)
const page = {
  title: textWithin('title', { wordwrap: false }),
  text: textWithin('main') || textWithin('article') || convert(html, options),
}
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- A thread has no origin.
parentPort?.postMessage(page)
