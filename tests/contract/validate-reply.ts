import { type AnySchemaObject, Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import type { Operation, Schema } from './openapi-document.ts'

/** A reply as received. */
export type Received = { status: number; type: string | null; text: string }

/** Describes how a reply differs from the document's description of its operation; undefined if it does not. */
export function createReplyValidator() {
  const ajv = formats.default(new Ajv2020({ strict: false }))
  const validators = new Map<Schema, ValidateFunction>()

  return function described(
    operation: Operation | undefined,
    { status, type, text }: Received,
  ): string | undefined {
    const response = operation?.responses[status]
    if (response === undefined) return `the status ${status} is not described`
    if (response.content === undefined) {
      return text === '' && type === null ? undefined : 'has a body, which is not described'
    }
    const media = type?.split(';')[0] ?? ''
    const content = response.content[media]
    if (content === undefined) return `the content type ${type} is not described`
    if (media === 'text/event-stream') return problemOfStream(content.schema, text)
    return media === 'application/json' ? problemOf(content.schema, text) : undefined
  }

  function problemOfStream(schema: Schema, text: string): string | undefined {
    const blocks = text.split('\n\n').filter((block) => !block.startsWith(':'))
    if (blocks.slice(-2).join('|') !== 'data: [DONE]|') return 'the stream has no end'
    for (const block of blocks.slice(0, -2)) {
      const [, event, json] = /^(?:id: \d+|event: (\S+))\ndata: (.*)$/.exec(block) ?? []
      if (json === undefined) return `the block ${block} is no event`
      if (event !== undefined && (JSON.parse(json) as { type: string }).type !== event) {
        return `the event ${event} is of another type`
      }
      const problem = problemOf(schema, json)
      if (problem !== undefined) return problem
    }
    return undefined
  }

  function problemOf(schema: Schema, json: string): string | undefined {
    let fits = validators.get(schema)
    if (fits === undefined) {
      fits = ajv.compile(closed(schema))
      validators.set(schema, fits)
    }
    if (fits(JSON.parse(json))) return undefined
    const [error] = fits.errors ?? []
    return `${error?.instancePath} ${error?.message} ${JSON.stringify(error?.params)}`
  }
}

/** The schema without additional fields: clients accept these, but tests do not. */
function closed(schema: Schema): AnySchemaObject {
  const { properties, additionalProperties, items, anyOf, oneOf } = schema
  return {
    ...schema,
    ...(anyOf && { anyOf: anyOf.map(closed) }),
    ...(oneOf && { oneOf: oneOf.map(closed) }),
    ...(items && { items: closed(items) }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, inner]) => [name, closed(inner)]),
      ),
      additionalProperties: additionalProperties ?? false,
    }),
  }
}
