import {
  type Budget,
  createBudget,
  type Engine,
  invalid,
  limits,
  LonghaulError,
  OverBudget,
  spending,
} from '@longhaul/core'
import { renderJinja } from './jinja/render-jinja.ts'
import { parseJinja } from './jinja/parse/parse-jinja.ts'
import { renderMustache, parseMustache } from './mustache.ts'
import { broken, createOutput, overBudget, ownValue, printed } from './output.ts'
import { TookTooLong, withinBudget } from '../work/time-limit.ts'

/**
 * Fills a template with variables. `text` replaces `{{name}}` and `{{a.b}}` by values, and leaves unknown names
 * unchanged. `mustache` adds sections, `jinja` conditions, loops and filters; both print nothing for unknown names.
 * Nothing is escaped, and no code is run. A broken template, or one that grows too large, is refused as `invalid`.
 */
export function render(
  template: string,
  { engine, variables, budget = createBudget() }: Values & { budget?: Budget },
): string {
  const [text = ''] = renderAll([{ path: '', text: template }], { engine, variables, budget })
  return text
}

/** Whether a template is certain to render as its own text. */
export function isPlain(text: string, engine: Engine): boolean {
  if (text.length > limits.template || text.includes('{{')) return false
  // Jinja drops a line break at the end.
  return engine !== 'jinja' || !(text.includes('{%') || text.includes('{#') || text.endsWith('\n'))
}

export type Template = { path: string; text: string }
export type Values = { engine: Engine; variables: Record<string, unknown> }

/** Fills several templates with the same variables, from one budget. An error names the path of its template. */
export function renderAll(
  templates: readonly Template[],
  { engine, variables, budget }: Values & { budget: Budget },
): string[] {
  // The time of the `text` engine depends only on lengths, so steps and characters bound it without a time limit.
  const bound = engine === 'text' ? spending : fenced
  return processAll(
    templates,
    (all) => bound(budget, all),
    (text, left) => {
      switch (engine) {
        case 'text':
          return fillText(text, variables, left)
        case 'mustache':
          return renderMustache(parseMustache(text), variables, left)
        case 'jinja':
          return renderJinja(parseJinja(text).statements, variables, left)
      }
    },
  )
}

/** Refuses templates that can never be rendered. An error names the path of its template. */
export function parseAll(
  templates: readonly Template[],
  { engine, budget }: { engine: Engine; budget: Budget },
): void {
  processAll(
    templates,
    (all) => fenced(budget, all),
    (text) => {
      if (engine === 'mustache') parseMustache(text)
      if (engine === 'jinja') parseJinja(text)
    },
  )
}

/** The variables that a jinja template names, including those that it sets. */
export function namesIn({ path, text }: Template, budget = createBudget()): ReadonlySet<string> {
  const [names] = processAll<ReadonlySet<string>>(
    [{ path, text }],
    (all) => fenced(budget, all),
    (template) => parseJinja(template).names,
  )
  return names ?? new Set()
}

/** Processes several templates within one bound. An error names the path of its template. */
function processAll<T>(
  templates: readonly Template[],
  bound: (all: (left: Budget) => T[]) => T[],
  work: (text: string, left: Budget) => T,
): T[] {
  let at = ''
  try {
    return bound((left) =>
      templates.map(({ path, text }) => {
        at = path
        refuseLong(text)
        return work(text, left)
      }),
    )
  } catch (error) {
    if (error instanceof LonghaulError && at !== '') throw placed(error, at)
    throw error
  }
}

function placed(error: LonghaulError, path: string): LonghaulError {
  const { message } = invalid(path, error.message)
  const fields = [{ path, message: error.message }]
  return error instanceof OverBudget
    ? new OverBudget(message, { fields })
    : invalid(path, error.message)
}

function refuseLong(template: string) {
  if (template.length > limits.template) {
    throw broken(`is longer than ${limits.template} characters`)
  }
}

/** Adds a time limit. Steps bound the rendering, but only the time limit bounds the libraries' parsers. */
function fenced<T>(budget: Budget, work: (left: Budget) => T): T {
  try {
    return withinBudget(budget, work)
  } catch (error) {
    if (error instanceof TookTooLong) throw overBudget('takes too long')
    throw error
  }
}

function fillText(template: string, variables: Record<string, unknown>, budget: Budget): string {
  const output = createOutput(budget)
  let end = 0
  for (const placeholder of template.matchAll(/\{\{\s*([^\s{}]+)\s*\}\}/g)) {
    budget.steps -= 1
    if (budget.steps < 0) throw overBudget('takes too many steps')
    const [whole, name = ''] = placeholder
    const value = find(variables, name)
    output.add(template.slice(end, placeholder.index))
    output.add(value === undefined ? whole : printed(value))
    end = placeholder.index + whole.length
  }
  output.add(template.slice(end))
  return output.text()
}

/** The variable with this name, or the value at this path. */
function find(variables: Record<string, unknown>, name: string): unknown {
  return (
    ownValue(variables, name) ??
    name.split('.').reduce<unknown>((value, step) => ownValue(value, step), variables)
  )
}
