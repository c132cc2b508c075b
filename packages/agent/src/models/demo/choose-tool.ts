import { builtinTools } from '@longhaul/core'
import type { ModelRequest } from '@longhaul/core'

type Tool = ModelRequest['tools'][number]

/**
 * The tool that the simulated model calls for a message: the one whose name is in the message, else the first one that a
 * required call allows, or that has a word of its description in the message.
 */
export function chooseTool(
  message: string,
  { tools, toolChoice }: Pick<ModelRequest, 'tools' | 'toolChoice'>,
): Tool | undefined {
  if (toolChoice === 'none') return undefined
  if (typeof toolChoice === 'object') return tools.find(({ name }) => name === toolChoice.name)
  return (
    tools.find(({ name }) => hasName(message, name)) ??
    tools.find((tool) => toolChoice === 'required' || isAbout(message, tool))
  )
}

/** Whether a name is in a text, and not within a longer name. */
function hasName(text: string, name: string): boolean {
  return text.split(/[^\w-]+/).includes(name) || (!/^[\w-]+$/.test(name) && text.includes(name))
}

function isAbout(message: string, { name, description }: Tool): boolean {
  if (name === builtinTools.current_date.name && asksForDate.test(message)) return true
  const words = new Set(longWordsOf(message))
  return longWordsOf(description).some((word) => words.has(word))
}

const asksForDate = /\b(?:date|time|today|day)\b/i

/** The words with more than four letters. */
function longWordsOf(text: string): string[] {
  return text.toLowerCase().match(/\p{L}{5,}/gu) ?? []
}
