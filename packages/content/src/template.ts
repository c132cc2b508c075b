import { limits, LonghaulError } from '@longhaul/core'
import type { Engine } from '@longhaul/core'
import { fillMustache, parseMustache } from './mustache.ts'
import { createOutput, ownValue, printed } from './template-output.ts'

/**
 * Fills a template with variables. `text` puts values in the place of `{{name}}` and `{{a.b}}` and leaves
 * what it does not know; `mustache` has sections as well, and prints nothing for the unknown.
 * Nothing is escaped and nothing is ever run. What is broken or grows too large is refused as `invalid`.
 */
export function render(
  template: string,
  { engine, variables }: { engine: Engine; variables: Record<string, unknown> },
): string {
  refuseLong(template)
  return engine === 'text'
    ? fillText(template, variables)
    : fillMustache(parseMustache(template), variables)
}

/** Why a template can never be rendered; undefined when it can. */
export function checkTemplate(template: string, engine: Engine): string | undefined {
  try {
    refuseLong(template)
    if (engine === 'mustache') parseMustache(template)
    return undefined
  } catch (error) {
    if (error instanceof LonghaulError) return error.message
    throw error
  }
}

function refuseLong(template: string) {
  if (template.length <= limits.template) return
  throw new LonghaulError('invalid', `the template is longer than ${limits.template} characters`)
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
