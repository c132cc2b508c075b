import { isDeepStrictEqual } from 'node:util'
import { type FactType, NewFact } from '@longhaul/core'
import { volume } from '@longhaul/testbed'
import { type AnySchemaObject, Ajv2020 } from 'ajv/dist/2020.js'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { arbitraryFact } from './fact-arbitrary.fixture.ts'
import { logEntry } from './log/log-entry.ts'
import { LogReply } from './log/log-reply.ts'

const numRuns = volume({ short: 100, long: 2_000 })
const place = { taskId: '01K00000000000000000000000', number: 3, turn: 2 }

for (const schema of NewFact.options) {
  const type = schema.shape.type.value
  const facts = arbitraryFact(schema)

  test(`the document has every field that the log sends of ${type}`, () => {
    fc.assert(
      fc.property(facts, (fact) => {
        const entry: unknown = JSON.parse(JSON.stringify(logEntry(fact, place)))
        const problems = problemsOf({ object: 'list', data: [entry], has_more: false })
        expect({ entry, problems }).toEqual({ entry, problems: [] })
      }),
      { numRuns },
    )
  })

  test(`the log sends every field of ${type}, except internal ones`, () => {
    const sample = fc.sample(facts, 200)
    const unsent = Object.keys(schema.shape).filter((field) =>
      sample.every((fact, at) => {
        const other = Object.assign({}, fact, pick(sample.at(at - 1), field))
        return isDeepStrictEqual(logEntry(other, place), logEntry(fact, place))
      }),
    )
    expect(unsent).toEqual(['type', ...(unsentFields[type] ?? [])])
  })
}

/** `turn` is not a field of a fact here: every entry has it. */
const unsentFields: { [Type in FactType]?: string[] } = {
  'turn.started': ['turn', 'origins', 'callerWait', 'streamed', 'webhook'],
  'part.finished': ['whole', 'vendor'],
  'model.failed': ['unusable', 'retryAfter'],
}

function pick(fact: object | undefined, field: string) {
  return { [field]: Object.entries(fact ?? {}).find(([name]) => name === field)?.[1] as unknown }
}

/** The published schema, with unknown fields as errors. */
const fits = new Ajv2020({ strict: false }).compile(
  z.toJSONSchema(LogReply, { io: 'output' }) as AnySchemaObject,
)

function problemsOf(body: unknown): string[] {
  if (fits(body)) return []
  return (fits.errors ?? []).flatMap(({ keyword, instancePath, message, params }) =>
    // Entries of the other types.
    keyword === 'const' ? [] : `${instancePath} ${message} ${JSON.stringify(params)}`,
  )
}
