import { expect } from 'vitest'
import { newKey } from '../support/new-agent.ts'
import { bodySchemaOf, type Operation } from './openapi-document.ts'
import { exampleOf } from './example-value.ts'
import { placesOf } from './body-fields.ts'
import { fill, test } from './api-without-worker.ts'

test('a field that nobody knows is ignored in every object, and kept nowhere', async ({
  cluster,
  content,
  operations,
  names,
}) => {
  const marker = 'a-value-that-nobody-may-keep'
  const refused = new Set<string>()
  const kept = new Set<string>()
  let count = 0
  for (const operation of operations) {
    for (const { path, schema, put } of placesOf(bodySchemaOf(operation) ?? {})) {
      if (schema.properties === undefined) continue
      if (schema.additionalProperties !== undefined) {
        kept.add(path)
        continue
      }
      const example = exampleOf(schema) as object
      const send = async (value: object) => {
        const body = free({ ...(put(value) as object), ...freshFor(operation) })
        return await cluster.call(operation.method, fill(operation, names(body)), body)
      }
      const [without, withIt] = [await send(example), await send({ ...example, [marker]: marker })]
      expect([path, withIt.status]).toEqual([path, without.status])
      if (without.status >= 400) refused.add(`${operation.operationId} ${path}`)
      count += 1
    }
  }
  expect(count).toBeGreaterThan(100)
  expect([...kept].filter((path) => !open.test(path))).toEqual([])
  expect([...refused].filter((place) => !refusedAnyway.test(place))).toEqual([])
  expect(JSON.stringify(await content())).not.toContain(marker)
})

/** Places where the caller's own JSON Schema stands, or what another service understands. */
const open =
  /(function\.parameters|code_tool\.parameters|json_schema\.schema|mcp\.tools\[0\]\.schema|plugins\[0\])$/

/** What the schemas take and is refused for another reason: it is not done yet, answers no call, names no task or tool, or holds no file. */
const refusedAnyway =
  /guardrails|^create\w*Response (message|input\[0\]|tool_choice)|^createWatchToken|^reviewCall/

/** Of a conversation that has a name one response at a time can be made. */
function free(body: { conversation?: unknown }): object {
  const { conversation } = body
  const named = typeof conversation === 'object' && conversation !== null && 'id' in conversation
  return named ? { ...body, conversation: { ...conversation, id: newKey('talk') } } : body
}

/** What lets the same body be sent twice. */
function freshFor({ operationId }: Operation): object {
  if (operationId === 'createMcpServer') return { key: newKey('new').toLowerCase() }
  if (operationId === 'createAgent' || operationId === 'createTool') return { key: newKey('new') }
  if (operationId === 'createResponse') return { background: true }
  // A model answers without an agent.
  const isOpen = operationId === 'createOpenResponse' || operationId === 'createRouterResponse'
  return isOpen ? { background: true, model: 'demo/instant' } : {}
}
