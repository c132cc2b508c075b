import { limits, LonghaulError } from '@longhaul/core'
import type { Engine } from '@longhaul/core'
import { fillJinja } from './jinja/fill-jinja.ts'
import { parseJinja } from './jinja/parse-jinja.ts'
import { fillMustache, parseMustache } from './mustache.ts'
import { broken, createOutput, ownValue, printed } from './template-output.ts'
import { TookTooLong, within } from './within.ts'

/** The steps of a template are counted; this is the fence behind that, in milliseconds. */
const patience = 2_000

/**
 * Fills a template with variables. `text` puts values in the place of `{{name}}` and `{{a.b}}` and leaves
 * what it does not know; `mustache` has sections as well, `jinja` also conditions, loops and filters, and
 * both print nothing for the unknown.
 * Nothing is escaped and nothing is ever run. What is broken or grows too large is refused as `invalid`.
 */
export function render(
  template: string,
  { engine, variables }: { engine: Engine; variables: Record<string, unknown> },
): string {
  refuseLong(template)
  switch (engine) {
    case 'text':
      return fillText(template, variables)
    case 'mustache':
      return fillMustache(parseMustache(template), variables)
    case 'jinja':
      return fenced(() => fillJinja(parseJinja(template).statements, variables))
  }
}

/** Why a template can never be rendered; undefined when it can. */
export function checkTemplate(template: string, engine: Engine): string | undefined {
  try {
    refuseLong(template)
    if (engine === 'mustache') parseMustache(template)
    if (engine === 'jinja') fenced(() => parseJinja(template))
    return undefined
  } catch (error) {
    if (error instanceof LonghaulError) return error.message
    throw error
  }
}

/** The variables that a jinja template names, those of its own included. */
export function jinjaNames(template: string): ReadonlySet<string> {
  return fenced(() => parseJinja(template).names)
}

function refuseLong(template: string) {
  if (template.length > limits.template) {
    throw broken(`is longer than ${limits.template} characters`)
  }
}

function fenced<T>(run: () => T): T {
  try {
    return within(patience, run)
  } catch (error) {
    if (error instanceof TookTooLong) throw broken('takes too long')
    throw error
  }
}

function fillText(template: string, variables: Record<string, unknown>): string {
  const output = createOutput()
  let end = 0
  for (const placeholder of template.matchAll(/\{\{\s*([^\s{}]+)\s*\}\}/g)) {
    const [whole, name = ''] = placeholder
    const value = find(variables, name)
    output.add(template.slice(end, placeholder.index))
    output.add(value === undefined ? whole : printed(value))
    end = placeholder.index + whole.length
  }
  output.add(template.slice(end))
  return output.text()
}

/** The variable whose name is the whole text, else what its dots lead to. */
function find(variables: Record<string, unknown>, name: string): unknown {
  return (
    ownValue(variables, name) ??
    name.split('.').reduce<unknown>((value, step) => ownValue(value, step), variables)
  )
}
