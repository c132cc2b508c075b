import type { ModelRequest } from '@longhaul/core'

/** The settings for a model's thinking before it answers. */
export type Thinking =
  | { type: 'disabled' }
  | { type: 'adaptive' }
  | { type: 'enabled'; budget?: number; level?: ThinkingLevel }
export type ThinkingLevel = (typeof levels)[number]

const levels = ['minimal', 'low', 'medium', 'high'] as const

/** The agent's parameter `thinking`. */
export function thinkingOf({ model }: ModelRequest): Thinking | undefined {
  const thinking = model.parameters?.['thinking']
  if (typeof thinking !== 'object' || thinking === null || !('type' in thinking)) return undefined
  if (thinking.type === 'disabled' || thinking.type === 'adaptive') return { type: thinking.type }
  if (thinking.type !== 'enabled') return undefined
  const budget = 'budget_tokens' in thinking ? thinking.budget_tokens : undefined
  const requested = 'thinking_level' in thinking ? thinking.thinking_level : undefined
  const level = levels.find((each) => each === requested)
  return {
    type: 'enabled',
    ...(typeof budget === 'number' ? { budget } : {}),
    ...(level === undefined ? {} : { level }),
  }
}
