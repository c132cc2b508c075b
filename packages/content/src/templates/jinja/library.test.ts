import { Environment, Interpreter, parse, tokenize } from '@huggingface/jinja'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { render } from '../template.ts'

/** The output of the library's own interpreter, which has no bounds. */
function libraryPrints(template: string, data: Record<string, unknown>): string {
  const environment = new Environment()
  for (const [name, value] of Object.entries(data)) environment.set(name, value)
  const { value } = new Interpreter(environment).run(parse(tokenize(template)))
  return String(value)
}

test('prints what the common library prints', () => {
  const value = fc.constantFrom(
    'n',
    's',
    'm.n',
    'm.s',
    "m['s']",
    'l[0]',
    'l[1]',
    'ghost',
    '7',
    "'q'",
    's | upper',
    's | length',
    'l | length',
    "l | join('-')",
    'l | first',
    'n + 1',
    'n * 2 - 1',
    "s ~ 'x'",
    "ghost | default('d')",
    's[1:]',
    'l | last | lower',
    's.upper()',
    "s | replace('b', 'cc')",
    "'a' if n > 1 else 'b'",
    's | trim | title',
    'n // 2',
    'n ** 2',
  )
  const condition = fc.constantFrom(
    'n',
    'n > 1',
    'n == 2',
    'ghost',
    'not s',
    "s == 'ab'",
    "'a' in s",
    "'a' in l",
    'n is odd',
    'ghost is defined',
    's and n',
    'n == 1 or l',
    'm',
    'e',
  )
  const { whole } = fc.letrec<{ whole: string }>((tie) => ({
    whole: fc
      .array(
        fc.oneof(
          { maxDepth: 3 },
          fc.constantFrom('x', ' ', '\n', '  \n', 'é', '}'),
          value.map((inner) => `{{ ${inner} }}`),
          value.map((inner) => `{{- ${inner} -}}`),
          fc
            .tuple(condition, tie('whole'), tie('whole'))
            .map(([c, x, y]) => `{% if ${c} %}${x}{% elif s %}${y}{% else %}z{% endif %}`),
          fc
            .tuple(fc.constantFrom('l', 'e', 'range(3)', 'm'), tie('whole'))
            .map(
              ([list, x]) =>
                `{%- for i in ${list} %}{{ i }}{{ loop.index }}{{ loop.last }}${x}{% else %}none{% endfor -%}`,
            ),
          value.map((inner) => `{% set v = ${inner} %}{{ v }}`),
          fc.constant('{# note #}'),
        ),
        { maxLength: 5 },
      )
      .map((parts) => `${parts.join('')}.`),
  }))
  fc.assert(
    fc.property(whole, fc.nat(9), fc.constantFrom('', 'ab', 'b a b'), (template, n, s) => {
      const data = { n, s, m: { n: 1, s: 'in' }, l: ['a', 'B'], e: [] }
      const ours = render(template, { engine: 'jinja', variables: data })
      expect(ours).toBe(libraryPrints(template, { ...data, range }))
    }),
    { numRuns: 1_000 },
  )
})

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}
