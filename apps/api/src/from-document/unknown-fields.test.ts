import { expect } from 'vitest'
import { newKey } from '../journeys/new-agent.ts'
import { bodySchemaOf, type Operation } from './document.ts'
import { exampleOf } from './example-of.ts'
import { placesOf } from './places.ts'
import { fill, test } from './quiet-api.ts'

test('a field that nobody knows is ignored in every object, and kept nowhere', async ({
  stack,
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
        const body = { ...(put(value) as object), ...freshFor(operation) }
        return await stack.call(operation.method, fill(operation, names(body)), body)
      }
      const [without, withIt] = [await send(example), await send({ ...example, [marker]: marker })]
      expect([path, withIt.status]).toEqual([path, without.status])
      if (without.status >= 400) refused.add(`${operation.operationId} ${path}`)
      count += 1
    }
  }
  expect(count).toBeGreaterThan(100)
  expect([...kept].filter((path) => !free.test(path))).toEqual([])
  expect([...refused].filter((place) => !refusedAnyway.test(place))).toEqual([])
  expect(JSON.stringify(await content())).not.toContain(marker)
}, 60_000)

/** Places where the caller's own JSON Schema stands, or what another service understands. */
const free =
  /(function\.parameters|code_tool\.parameters|json_schema\.schema|mcp\.tools\[0\]\.schema|plugins\[0\])$/

/** What the schemas take and is refused for another reason: it is not done yet, answers no call, or names no task. */
const refusedAnyway = /guardrails|^createResponse message|^createWatchToken|^reviewCall/

/** What lets the same body be sent twice. */
function freshFor({ operationId }: Operation): object {
  if (operationId === 'createMcpServer') return { key: newKey('new').toLowerCase() }
  if (operationId === 'createAgent' || operationId === 'createTool') return { key: newKey('new') }
  return operationId === 'createResponse' ? { background: true } : {}
}
