import { randomUUID } from 'node:crypto'

/** The least that an agent needs, under a key of its own. */
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

/** A key that no other test has. */
export function newKey(word: string): string {
  return `${word}-k${randomUUID().slice(0, 8)}`
}
