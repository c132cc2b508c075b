import { expect } from 'vitest'
import { newKey } from '../support/new-agent.ts'
import { bodySchemaOf, type Operation } from './openapi-document.ts'
import { exampleOf } from './example-value.ts'
import { placesOf } from './body-fields.ts'
import { fill, test } from './api-without-worker.ts'

test('an unknown field is ignored in every object, and stored nowhere', async ({
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

/** Positions of the caller's own JSON Schema, of data for another service, or of an item of an unknown type. */
const open =
  /(^input\[0\]|function\.parameters|code_tool\.parameters|json_schema\.schema|mcp\.tools\[0\]\.schema|plugins\[0\])$/

/**
 * Fields that are refused despite the schema: not supported yet, no matching call, task, start, tool or model, or not a
 * file, or an endpoint that does not answer.
 */
const refusedAnyway =
  /guardrails|^create\w*Response (message|input\[0\]|tool_choice)|^createWatchToken|^reviewCall|^start\w*Response|^testWebhookEndpoint|^adminChangeLimits (models|overrides)\.a_name/

/** A named conversation permits only one response at a time. */
function free(body: { conversation?: unknown }): object {
  const { conversation } = body
  const named = typeof conversation === 'object' && conversation !== null && 'id' in conversation
  return named ? { ...body, conversation: { ...conversation, id: newKey('talk') } } : body
}

/** Changes that let the same body be sent twice. */
function freshFor({ operationId }: Operation): object {
  if (operationId === 'createMcpServer') return { key: newKey('new').toLowerCase() }
  if (operationId === 'createAgent' || operationId === 'createTool') return { key: newKey('new') }
  if (operationId === 'createWebhook') return { _id: newKey('hook') }
  if (operationId === 'createResponse') return { background: true }
  // A model can answer without an agent.
  const isOpen = operationId === 'createOpenResponse' || operationId === 'createRouterResponse'
  return isOpen ? { background: true, model: 'demo/instant' } : {}
}
