import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { workerTest } from '@longhaul/testbed'
import { describe, expect, test } from 'vitest'
import { statementsOf } from './statements-of.ts'

const log =
  'paths /v2/agents/{agent_key}/responses/{task_id}/log get responses 200 content application/json'
const entry = (type: string) => `${log} schema properties data items oneOf [${type}]`

/** Statements that the document has gained since then. `/log` always sent these fields. */
const added = [
  `${entry('child.started')} `,
  `${entry('calls.spent')} `,
  `${entry('turn.started')} properties parent `,
  `${entry('tool.returned')} properties usage `,
  `${entry('tool.failed')} properties usage `,
  `${entry('review.requested')} properties because `,
]

/** The list of the entries' types, which now names the new ones. */
const mapping = `${log} schema properties data items discriminator mapping = `

/** The doctor's cursor is opaque to callers. It names parts of the scan, which have changed. */
const isOpaque = (line: string) =>
  /^paths \/v2\/admin\/doctor \w+ parameters \[query "cursor"\] schema pattern = /.test(line)

const parse = JSON.parse as (text: string) => Parameters<typeof statementsOf>[0]

workerTest('the OpenAPI document is the same as before the files moved', async ({ cluster }) => {
  const response = await fetch(`${cluster.url}/openapi.json`)
  expect(differences(await before(), await response.text())).toEqual([])
})

describe('another change of the document is found:', () => {
  test.for([
    ['a path', '"/v2/reviews":', '"/v2/review":'],
    ['a field', '"finish_reason":', '"finished_because":'],
    ['a limit', '"maxLength":', '"minLength":'],
    ['a status', '"413":', '"414":'],
  ] as const)('%s', async ([, word, other]) => {
    const text = await before()
    expect(text).toContain(word)
    expect(differences(text, text.replace(word, other)).length).toBeGreaterThan(0)
  })

  test('a change of texts is ignored', async () => {
    const text = await before()
    const changed = text.replaceAll(/"(description|summary)":"[^"\\]*"/g, '"$1":"Other words."')
    expect(changed).not.toBe(text)
    expect(differences(text, changed)).toEqual([])
  })
})

function differences(one: string, other: string): string[] {
  const [old, now] = [statementsOf(parse(one)), statementsOf(parse(other))]
  const missing = [...old].filter(
    (line) => !now.has(line) && !line.startsWith(mapping) && !isOpaque(line),
  )
  const extra = [...now].filter(
    (line) =>
      !old.has(line) &&
      !isOpaque(line) &&
      ![...added, mapping].some((start) => line.startsWith(start)),
  )
  return [...missing.map((line) => `- ${line}`), ...extra.map((line) => `+ ${line}`)]
}

/** The document as it was served by commit b76ecad. */
async function before(): Promise<string> {
  return gunzipSync(await readFile(new URL('openapi-before.json.gz', import.meta.url))).toString()
}
