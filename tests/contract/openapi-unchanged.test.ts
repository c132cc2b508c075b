import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { workerTest } from '@longhaul/testbed'
import { describe, expect, test } from 'vitest'
import { statementsOf } from './statements-of.ts'

const log =
  'paths /v2/agents/{agent_key}/responses/{task_id}/log get responses 200 content application/json'
const entry = (type: string) => `${log} schema properties data items oneOf [${type}]`

/** Statements that the document has gained since then. */
const added = [
  `${entry('child.started')} `,
  `${entry('calls.spent')} `,
  `${entry('turn.started')} properties parent `,
  `${entry('turn.started')} properties ignored `,
  `${entry('tool.returned')} properties usage `,
  `${entry('tool.failed')} properties usage `,
  `${entry('review.requested')} properties because `,
  `${entry('tool.returned')} properties files `,
  `${entry('part.finished')} properties refusal `,
  `${entry('part.finished')} properties annotations `,
  'paths /v2/limits ',
  'paths /v2/usage ',
  ...['/v2/responses', '/v2/agents/{agent_key}/responses'].flatMap((path) =>
    ['state', 'error_code', 'model', 'search'].map(
      (name) => `paths ${path} get parameters [query "${name}"] `,
    ),
  ),
  'paths /v2/admin/workspaces/{workspace}/limits ',
  `${entry('attempt.started')} properties waited `,
  `${entry('turn.parked')} properties for `,
  `${entry('turn.parked')} properties also `,
  'paths /v2/admin/scale ',
  'paths /v2/caller ',
  'paths /v2/sign-in-links ',
  'paths /v2/agents/{agent_key}/responses/{task_id}/time ',
  'paths /v2/agents/{agent_key}/responses/{task_id}/redrive ',
  'paths /v2/agents/{agent_key}/responses/{task_id}/deliveries ',
  `${entry('step.finished')} properties first_output_ms `,
  `${entry('step.finished')} properties rate_wait_ms `,
  `${entry('model.failed')} properties rate_wait_ms `,
  'paths /v2/responses/{task_id} ',
  'paths /v1/webhook_event_types ',
  'tags [6] ',
  ...[
    ['/v1/webhook_endpoints', 'webhook_endpoint_id'] as const,
    ['/v2/webhooks', 'webhook_id'] as const,
  ].flatMap(([base, id]) =>
    [
      '',
      '/deliveries',
      '/deliveries/{delivery_id}',
      '/deliveries/{delivery_id}/redeliver',
      '/recover',
    ]
      .map((path) => `paths ${base}/{${id}}${path} `)
      .concat(`paths ${base} `),
  ),
  ...['rotate_secret', 'test'].map(
    (verb) => `paths /v1/webhook_endpoints/{webhook_endpoint_id}/${verb} `,
  ),
  ...['count', 'secret', 'query'].map((verb) => `paths /v2/webhooks/${verb} `),
  'paths /v3/agents/{agent_key}/schedules ',
  'paths /v3/agents/{agent_key}/schedules/',
  'paths /v3/schedules ',
  'paths /v3/schedules/preview ',
]

/** The list of the entries' types, which now names the new ones. */
const mapping = `${log} schema properties data items discriminator mapping = `

/** Statements that have changed since then on purpose. */
const changed = [
  // Failed turns are error replies and events, and a long synchronous call outlasts its wait.
  /^paths \/v(1|3\/router)\/responses post responses 504 /,
  / responses 200 .* properties error (anyOf \[0\] )?(properties|required) /,
  / oneOf \[mcp_call\] properties error /,
  / \[(error|response\.(refusal|reasoning_summary|output_text\.annotation)[^\]]*)\] /,
  / oneOf \[(output_text|message|reasoning)\] properties (annotations|content|summary) /,
  / oneOf \[response\.content_part\.\w+\] properties part /,
  / discriminator mapping = \["(error|response\.completed)"/,
  // The input of OpenAI Responses accepts more items, and results have files.
  / properties input anyOf \[1\] /,
  / oneOf \[tool_result\] properties files /,
  // Requests accept more types of tools, and replies have their calls.
  / properties (?:tools items|tool_choice) /,
  / oneOf \[(?:custom_tool|(?:local_)?shell|apply_patch|tool_search)_(?:call|call_output|output)\] /,
  / oneOf \[additional_tools\] /,
  / oneOf \[response\.(?:custom_tool_call_input|shell_call_command)\.\w+\] /,
  / oneOf \[function_call\] properties namespace /,
  / (?:input anyOf \[1\] items|output items|item|text\/event-stream schema(?: anyOf \[1\])?) discriminator mapping = /,
  // A turn has options, may start later, and may expire.
  / properties longhaul /,
  / \[attempt\.started\] properties start_at /,
  / parameters \[header "Longhaul-[\w-]+"\] /,
  /^paths \S+\/start post /,
  / properties service_tier enum /,
  / enum \[\] = "expired"$/,
  // Turns that wait tell why.
  / properties waiting /,
  // The overview counts the turns that cannot be read.
  /^paths \/v2\/admin get responses 200 .* (?:properties broken |required \[\] = "broken"$)/,
  // Replies to submits tell what the workspace may still submit.
  /^paths \S+\/responses post responses \d+ headers ratelimit(-policy)? /,
  // The dialect of OpenAI tells the limits in headers that its clients read.
  /^paths \/v(1|3\/router)\/responses post responses \d+ headers x-ratelimit-/,
  // The doctor's cursor is opaque to callers. It names parts of the scan, which have changed.
  /^paths \/v2\/admin\/doctor \w+ parameters \[query "cursor"\] schema pattern = /,
]

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
    const reworded = text.replaceAll(/"(description|summary)":"[^"\\]*"/g, '"$1":"Other words."')
    expect(reworded).not.toBe(text)
    expect(differences(text, reworded)).toEqual([])
  })
})

function differences(one: string, other: string): string[] {
  const [old, now] = [statementsOf(parse(one)), statementsOf(parse(other))]
  const missing = [...old].filter((line) => !now.has(line) && !isKnown(line))
  const extra = [...now].filter(
    (line) => !old.has(line) && !isKnown(line) && !added.some((start) => line.startsWith(start)),
  )
  return [...missing.map((line) => `- ${line}`), ...extra.map((line) => `+ ${line}`)]
}

function isKnown(line: string): boolean {
  return line.startsWith(mapping) || changed.some((pattern) => pattern.test(line))
}

/** The document as it was served by commit b76ecad. */
async function before(): Promise<string> {
  return gunzipSync(await readFile(new URL('openapi-before.json.gz', import.meta.url))).toString()
}
