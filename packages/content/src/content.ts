import { type Budget, createBudget, type Engine, type FieldError } from '@longhaul/core'
import type { ContentBudget } from './work/content-budget.ts'
import type { JsonCheck, Misfit } from './schemas/check-json.ts'
import { knownProblems, rememberChecked } from './schemas/check-schema.ts'
import { runContent } from './work/run-content.ts'
import { isPlain, type Template, type Values } from './templates/template.ts'

/** Fills several templates with the same variables. Rejects with invalid and names the template. */
export async function renderTemplates(
  templates: readonly Template[],
  values: Values,
  budget: ContentBudget,
): Promise<string[]> {
  const plain = plainTexts(templates, values.engine, budget.left)
  if (plain !== undefined) return plain
  return await runContent('render', { templates, ...values }, budget)
}

/** The texts themselves when no template has tags, the usual case, which is cheap to detect. Undefined otherwise. */
export function plainTexts(
  templates: readonly Template[],
  engine: Engine,
  left: Pick<Budget, 'characters'> = createBudget(),
): string[] | undefined {
  if (!templates.every(({ text }) => isPlain(text, engine))) return undefined
  const texts = templates.map(({ text }) => text)
  const characters = texts.reduce((sum, text) => sum + text.length, 0)
  if (characters > left.characters) return undefined
  left.characters -= characters
  return texts
}

/** Rejects with invalid when a template can never be rendered, and names it. */
export async function checkTemplates(
  templates: readonly Template[],
  engine: Engine,
  budget: ContentBudget,
): Promise<void> {
  await runContent('parse', { templates, engine }, budget)
}

/** The variables that a jinja template names, including those that it sets. */
export async function jinjaNames(
  template: Template,
  budget: ContentBudget,
): Promise<ReadonlySet<string>> {
  return await runContent('names', template, budget)
}

/** The problems of each of several JSON Schemas; none for a schema that can be stored. */
export async function checkSchemas(
  schemas: readonly unknown[],
  budget: ContentBudget,
): Promise<FieldError[][]> {
  const known = schemas.map(knownProblems)
  const open = [...new Set(known.flatMap((each) => (Array.isArray(each) ? [] : each.json)))]
  if (open.length === 0) return known.map((each) => (Array.isArray(each) ? each : []))
  const problems = await runContent('checkSchemas', open, budget)
  const found = new Map(open.map((json, at) => [json, problems[at] ?? []]))
  for (const [json, of] of found) rememberChecked(json, of)
  return known.map((each) => (Array.isArray(each) ? each : (found.get(each.json) ?? [])))
}

/** Checks several JSON texts. Returns the reason why each one fails; undefined where there is none. */
export async function checkJsons(
  checks: readonly JsonCheck[],
  budget: ContentBudget,
): Promise<(Misfit | undefined)[]> {
  if (checks.length === 0) return []
  return await runContent('checkJson', checks, budget)
}
