import type { Attack, Prepare } from '../attack.ts'
import { checkReplies } from '../replies.ts'
import { createAgent } from '../attack-context.ts'

type Body = { engine: string; parts: string[]; variables?: Record<string, unknown> }

/** Several POSTs at once, each with a message of many templates. */
function posts(count: number, bodyOf: (parts: number) => Body): Prepare {
  return async ({ alpha, many }) => {
    const agent = await createAgent(alpha, 'template')
    const { parts, ...more } = bodyOf(many(1_000))
    const message = { role: 'user', parts: parts.map((text) => ({ kind: 'text', text })) }
    const body = JSON.stringify({ background: true, message, ...more })
    return async () =>
      checkReplies(
        await Promise.all(
          Array.from({ length: count }, () =>
            alpha.call('POST', `/v2/agents/${agent}/responses`, body),
          ),
        ),
      )
  }
}

const loop = '{% for i in range(6000) %}{% if i %}{% endif %}{% endfor %}'
const sections = '{{#l}}{{#l}}{{x}}{{/l}}{{/l}}'
const slow = `{% if no %}${'{{ a.b|upper }}'.repeat(4_000)}{% endif %}`

export const templates: Attack = {
  name: 'templates',
  does: 'sends messages of a thousand templates that print or loop without end',
  variants: {
    'jinja loops': posts(1, (parts) => ({ engine: 'jinja', parts: Array(parts).fill(loop) })),
    'mustache sections': posts(1, (parts) => ({
      engine: 'mustache',
      parts: Array(parts).fill(sections),
      variables: { l: Array(140).fill(1) },
    })),
    'nested lists': posts(1, (parts) => ({
      engine: 'mustache',
      parts: Array(parts).fill(`${'{{#l}}'.repeat(3)}x${'{{/l}}'.repeat(3)}`),
      variables: { l: Array(40).fill(1) },
    })),
    'text that grows, three at once': posts(3, (parts) => ({
      engine: 'text',
      parts: Array(parts).fill('{{x}}{{z}}'),
      variables: { x: 'x'.repeat(1_000_000), z: 'z'.repeat(900_000) },
    })),
    'slow to parse, two at once': posts(2, (parts) => ({
      engine: 'jinja',
      parts: Array(Math.ceil(parts / 10)).fill(slow),
      variables: { a: {} },
    })),
  },
}
