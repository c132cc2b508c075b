import { randomUUID } from 'node:crypto'

/** A minimal agent with a unique key. */
export function newAgent() {
  return {
    key: newKey('agent'),
    role: 'Assistant',
    description: 'Answers questions.',
    instructions: 'Be brief.',
    path: 'Default/agents',
    model: 'openai/scripted',
    settings: {},
  }
}

/** A unique key. */
export function newKey(word: string): string {
  return `${word}-k${randomUUID().slice(0, 8)}`
}
