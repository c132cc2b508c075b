import type { Attack, Prepare } from '../attack.ts'
import { createAgent, ended, scripted, submit } from '../attack-context.ts'

/** Several turns that read a page sixteen times each. */
function readPage(turns: number, pageOf: (size: number) => string): Prepare {
  return async (context) => {
    const { alpha, service, many } = context
    const site = await service()
    const headers = { 'content-type': 'text/html' }
    const body = pageOf(many(100_000))
    site.reply(() => ({ headers, body }))
    const agent = await createAgent(alpha, 'reader', {
      settings: { tools: [{ type: 'web_scraper' }] },
    })
    const calls = Array.from({ length: many(16) }, (_, at) => ({
      id: `c${at}`,
      name: 'web_scraper',
      arguments: { url: `${site.url}/page` },
    }))
    return async () => {
      const tasks = await Promise.all(
        Array.from({ length: turns }, () =>
          submit(alpha, agent, scripted({ calls }, { text: 'read' })),
        ),
      )
      // They may take longer than the attack: only their effect on beta counts.
      await Promise.race([
        Promise.all(
          tasks.map((task) => ended(context, alpha, `/v2/agents/${agent}/responses/${task}`)),
        ),
        new Promise((resolve) => {
          setTimeout(resolve, many(15_000))
        }),
      ])
      return { seen: `${site.requests.length} pages were fetched`, wrong: [] }
    }
  }
}

export const webPages: Attack = {
  name: 'web-pages',
  does: 'reads large web pages at once',
  variants: {
    'a table of 100,000 rows': readPage(
      2,
      (rows) => `<table>${'<tr><td>x</td></tr>'.repeat(rows)}</table>`,
    ),
    'deep lists': readPage(2, (deep) => '<ul><li>x'.repeat(deep)),
  },
}
