import type { Agent } from '@longhaul/core'

type Told = Pick<Agent, 'role' | 'description' | 'instructions' | 'systemPrompt'>

/**
 * The template of an agent's system prompt. Its own template may name {{role}}, {{description}} and
 * {{instructions}}; instructions that it does not name follow it. These texts may have placeholders of
 * their own, which are filled with the rest when a turn runs.
 */
export function systemTemplate({
  role,
  description,
  instructions,
  systemPrompt: own,
}: Told): string {
  if (own === undefined) return joined(`Your role: ${role}`, description, instructions)
  const texts = { role, description, instructions }
  let named = false
  const filled = own.replaceAll(placeholder, (tag, unescaped?: string, plain?: string) => {
    const name = unescaped ?? plain ?? ''
    if (name === 'instructions') named = true
    return isTold(name) ? texts[name] : tag
  })
  return named ? filled : joined(filled, instructions)
}

/** `{{{name}}}`, or `{{name}}` and `{{&name}}`. */
const placeholder = /\{\{\{\s*(\w+)\s*\}\}\}|\{\{\s*(?:&\s*)?(\w+)\s*\}\}/g

function isTold(name: string): name is 'role' | 'description' | 'instructions' {
  return name === 'role' || name === 'description' || name === 'instructions'
}

function joined(...paragraphs: string[]): string {
  return paragraphs.filter((paragraph) => paragraph.trim() !== '').join('\n\n')
}
