import { type Budget, type FieldError, limits, OverBudget } from '@longhaul/core'
import { isCompiled } from '../schemas/ajv-validators.ts'
import { checkedTooSlowly, checkJson, type JsonCheck, type Misfit } from '../schemas/check-json.ts'
import { checkSchema, tooSlow } from '../schemas/check-schema.ts'
import { namesIn, parseAll, renderAll, type Template, type Values } from '../templates/template.ts'

/** A kind of work on untrusted content, in the event loop or on a thread. Input and output can be sent to a thread. */
type Work<In, Out> = {
  /** The approximate number of characters that the work reads. */
  size(input: In): number
  /** Throws an OverBudget when the budget is too small. */
  run(input: In, budget: Budget, how: { atOnce: boolean }): Out
  /** The output when the thread had to be stopped because the budget did not end the work. */
  stopped(input: In): Out
}

const works = {
  render: {
    size: ({ templates }) => lengthOf(templates),
    run: ({ templates, ...values }, budget) => renderAll(templates, { ...values, budget }),
    stopped: ({ templates }) => refuse(templates),
  } satisfies Work<{ templates: readonly Template[] } & Values, string[]>,

  parse: {
    size: ({ templates }) => lengthOf(templates),
    run: ({ templates, engine }, budget) => parseAll(templates, { engine, budget }),
    stopped: ({ templates }) => refuse(templates),
  } satisfies Work<{ templates: readonly Template[] } & Pick<Values, 'engine'>, void>,

  names: {
    size: (template) => template.text.length,
    run: (template, budget) => namesIn(template, budget),
    stopped: (template) => refuse([template]),
  } satisfies Work<Template, ReadonlySet<string>>,

  /** The input is schemas as JSON. */
  checkSchemas: {
    size: () => 0,
    run(schemas, budget, { atOnce }) {
      if (atOnce) refuseLarge(schemas.map((schema) => ({ json: '', schema })))
      return schemas.map((schema) => checkSchema(schema, budget, { atOnce }))
    },
    stopped: (schemas) => schemas.map(() => tooSlow),
  } satisfies Work<readonly string[], FieldError[][]>,

  checkJson: {
    size: (checks) => checks.reduce((sum, { json }) => sum + json.length, 0),
    run(checks, budget, { atOnce }) {
      if (atOnce) refuseLarge(checks)
      return checks.map((check) => checkJson(check, budget, { atOnce }))
    },
    stopped: (checks) => checks.map(() => checkedTooSlowly),
  } satisfies Work<readonly JsonCheck[], (Misfit | undefined)[]>,
}

export type WorkName = keyof typeof works
export type Input<Name extends WorkName> = Parameters<(typeof works)[Name]['run']>[0]
export type Output<Name extends WorkName> = ReturnType<(typeof works)[Name]['run']>

/** The work of this name. The cast is needed since the compiler cannot relate the name to its types. */
export function workOf<Name extends WorkName>(name: Name): Work<Input<Name>, Output<Name>> {
  return works[name] as unknown as Work<Input<Name>, Output<Name>>
}

function lengthOf(templates: readonly Template[]): number {
  return templates.reduce((sum, { text }) => sum + text.length, 0)
}

function refuse([first]: readonly Template[]): never {
  const path = first?.path ?? ''
  const message = `${path === '' ? '' : `${path}: `}the templates take too long or too much memory`
  throw new OverBudget(message, { fields: [{ path, message }] })
}

/** Compilation time grows with the length of a schema, so a schema that is too long is refused at once. */
function refuseLarge(checks: readonly JsonCheck[]): void {
  const fresh = new Set<string>()
  for (const { json, schema } of checks) {
    if (schema !== undefined && !isCompiled(schema, json)) fresh.add(schema)
  }
  const length = [...fresh].reduce((sum, schema) => sum + schema.length, 0)
  if (length > limits.schemasAtOnce) throw new OverBudget('the schemas are too large')
}
