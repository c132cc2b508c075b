import { type ContentBudget, jinjaNames } from '@longhaul/content'
import type { Agent, Plan } from '@longhaul/core'

type Texts = Pick<Agent, 'role' | 'description' | 'instructions'>
type Templates = Pick<Plan, 'system' | 'systemParts'>

/**
 * The template of an agent's system prompt. The agent's template may name {{role}}, {{description}} and
 * {{instructions}}; instructions that it does not name follow it. These texts may contain placeholders, which are
 * filled together with the others when a turn runs.
 */
export async function systemTemplate(
  {
    role,
    description,
    instructions,
    systemPrompt: own,
    engine,
  }: Texts & Pick<Agent, 'systemPrompt' | 'engine'>,
  budget: ContentBudget,
): Promise<Templates> {
  if (own === undefined) return { system: joined(`Your role: ${role}`, description, instructions) }
  const texts = { role, description, instructions }
  return engine === 'jinja'
    ? await withVariables(own, texts, budget)
    : { system: withPlaceholders(own, texts) }
}

/**
 * A jinja template may also contain `{% if instructions %}` or `{{ role | upper }}`. For it the texts are variables,
 * each of which is rendered before the template.
 */
async function withVariables(own: string, texts: Texts, budget: ContentBudget): Promise<Templates> {
  const names = await jinjaNames({ path: 'agent.systemPrompt', text: own }, budget)
  const follows = !names.has('instructions') && texts.instructions.trim() !== ''
  const parts = Object.entries(texts).filter(
    ([name]) => names.has(name) || (follows && name === 'instructions'),
  )
  return {
    system: follows ? `${own}\n\n{{ instructions }}` : own,
    ...(parts.length > 0 && { systemParts: Object.fromEntries(parts) }),
  }
}

function withPlaceholders(own: string, texts: Texts): string {
  let named = false
  const filled = own.replaceAll(placeholder, (tag, unescaped?: string, plain?: string) => {
    const name = unescaped ?? plain ?? ''
    if (name === 'instructions') named = true
    return isTextName(name) ? texts[name] : tag
  })
  return named ? filled : joined(filled, texts.instructions)
}

/** `{{{name}}}`, or `{{name}}` and `{{&name}}`. */
const placeholder = /\{\{\{\s*(\w+)\s*\}\}\}|\{\{\s*(?:&\s*)?(\w+)\s*\}\}/g

function isTextName(name: string): name is keyof Texts {
  return name === 'role' || name === 'description' || name === 'instructions'
}

function joined(...paragraphs: string[]): string {
  return paragraphs.filter((paragraph) => paragraph.trim() !== '').join('\n\n')
}
