import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { problemOf } from '../template.fixture.ts'
import { outcomeOf } from './outcome-of.ts'

describe('any text', () => {
  const signs = String.raw`{{ }} {% %} {# #} - ( ) [ ] { } . , : | = == < + * ** / // % ~ ' " \\`
  const tags =
    'if elif else endif for in endfor set endset filter endfilter macro call is not and or'
  const names = 'a b loop range namespace upper join tojson map sort items replace defined odd none'
  const values = "1 0 99999999 1.5 'x' generation"
  const piece = fc.constantFrom(' ', '\n', ...`${signs} ${tags} ${names} ${values}`.split(' '))
  const soup = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(' '))
  const glued = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''))

  const { expression } = fc.letrec<{ expression: string }>((tie) => ({
    expression: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(
        'a',
        'b',
        'a.b',
        'a[0]',
        "b['c']",
        '1',
        '2.5',
        "'x'",
        'true',
        'none',
        'loop.index',
        'range(3)',
        'range(10**9)',
        'ns',
      ),
      fc
        .tuple(
          tie('expression'),
          fc.constantFrom(
            '+',
            '-',
            '*',
            '/',
            '//',
            '%',
            '**',
            '~',
            '==',
            '!=',
            '<',
            '>=',
            'in',
            'not in',
            'and',
            'or',
          ),
          tie('expression'),
        )
        .map(([l, o, r]) => `(${l} ${o} ${r})`),
      fc
        .tuple(
          tie('expression'),
          fc.constantFrom(
            'upper',
            'length',
            'join',
            "join('-')",
            'tojson',
            'tojson(2)',
            'sort',
            'first',
            'list',
            'unique',
            'sum',
            'max',
            'int',
            'round(2)',
            'reverse',
            'items',
            'dictsort',
            "map('upper')",
            "map(attribute='b')",
            "selectattr('b')",
            'indent(3)',
            'truncate(2)',
            "replace('x', 'yy')",
            'abs',
            'title',
            "default('d')",
            'string',
            'trim',
          ),
        )
        .map(([e, f]) => `(${e} | ${f})`),
      fc
        .tuple(
          tie('expression'),
          fc.constantFrom(
            '.upper()',
            '.items()',
            ".get('b')",
            '.split()',
            ".join(['q'])",
            '[0]',
            '[1:]',
            '[::-1]',
            '.b',
            '.keys()',
          ),
        )
        .map(([e, m]) => `(${e})${m}`),
      fc
        .tuple(tie('expression'), fc.constantFrom('defined', 'odd', 'none', 'mapping', 'upper'))
        .map(([e, t]) => `(${e} is ${t})`),
      fc
        .tuple(tie('expression'), tie('expression'), tie('expression'))
        .map(([x, y, z]) => `(${x} if ${y} else ${z})`),
      fc.tuple(tie('expression'), tie('expression')).map(([x, y]) => `[${x}, {'b': ${y}}]`),
      tie('expression').map((e) => `(not ${e})`),
    ),
  }))
  const { whole } = fc.letrec<{ whole: string }>((tie) => ({
    whole: fc
      .array(
        fc.oneof(
          { maxDepth: 3 },
          fc.constantFrom('text', ' ', '\n'),
          expression.map((e) => `{{ ${e} }}`),
          fc
            .tuple(expression, tie('whole'), tie('whole'))
            .map(([e, x, y]) => `{% if ${e} %}${x}{%- else -%}${y}{% endif %}`),
          fc
            .tuple(expression, tie('whole'))
            .map(([e, x]) => `{% for a in ${e} %}${x}{% else %}-{% endfor %}`),
          fc
            .tuple(fc.constantFrom('a', 'b', 'ns.a'), expression)
            .map(([n, e]) => `{% set ${n} = ${e} %}`),
          fc
            .tuple(fc.constantFrom('a', 'b'), tie('whole'))
            .map(([n, x]) => `{% set ${n} %}${x}{% endset %}`),
          tie('whole').map((x) => `{% filter upper %}${x}{% endfilter %}`),
        ),
        { maxLength: 5 },
      )
      .map((parts) => parts.join('')),
  }))

  test.each([
    ['of pieces of tags', soup],
    ['of pieces of tags without spaces', glued],
    ['of whole statements', whole.map((text) => `{% set ns = namespace() %}${text}`)],
  ])('%s is rendered or refused, and the reason does not quote the library', (_, template) => {
    fc.assert(
      fc.property(template, fc.jsonValue(), fc.jsonValue(), (source, a, b) => {
        const outcome = outcomeOf(source, { a, b })
        expect(outcome).toEqual(expect.any(String))
        const problem = problemOf(source, 'jinja')
        expect([undefined, outcome]).toContain(problem)
        expect(problem ?? '').not.toMatch(/RuntimeValue|nterpreter|huggingface|Parser Error|!==/)
      }),
      { numRuns: 500 },
    )
  })
})
