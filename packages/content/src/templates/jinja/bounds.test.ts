import { limits } from '@longhaul/core'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { outcomeOf } from './outcome-of.ts'

const grow = (step: string) =>
  `{% set ns = namespace(a='x', l=[1], m={}) %}{% for i in range(10000) %}${step}{% endfor %}{{ ns.a | length }}`

describe('the work and the memory are bounded by', () => {
  const long = 'x'.repeat(1_000_000)
  const list = Array.from({ length: 1_000 }, (_, i) => `item ${i}`)
  const steps = 'takes too many steps'

  test.each([
    ['loops in loops', '{% for a in list %}'.repeat(5) + '{% endfor %}'.repeat(5), steps],
    ['an endless range', '{% for a in range(10**9) %}{% endfor %}', steps],
    ['a range that is only made', '{{ range(10**15) | length }}', steps],
    ['many ranges', '{% for a in range(1000) %}{% set b = range(10000) %}{% endfor %}', steps],
    ['text times a number', "{{ 'x' * 10**12 }}", steps],
    ['text that doubles', grow('{% set ns.a = ns.a ~ ns.a %}'), steps],
    ['text that is added to itself', grow('{% set ns.a = ns.a + ns.a %}'), steps],
    [
      'a block that holds itself twice',
      grow('{% set b %}{{ ns.a }}{{ ns.a }}{% endset %}{% set ns.a = b %}'),
      'becomes longer than',
    ],
    ['lists that double', grow('{% set ns.l = ns.l + ns.l %}'), steps],
    [
      'a list that holds itself twice',
      grow('{% set ns.l = [ns.l, ns.l] %}').replace('ns.a |', 'ns.l |'),
      'printed 2',
    ],
    [
      'a list that holds itself twice, printed',
      '{% set a = [1] %}' + '{% set a = [a, a] %}'.repeat(60) + '{{ a }}',
      steps,
    ],
    [
      'and compared',
      '{% set a = [1] %}' + '{% set a = [a, a] %}'.repeat(60) + '{{ a == [] }}',
      steps,
    ],
    [
      'and joined',
      '{% set a = [1] %}' + '{% set a = [a, a] %}'.repeat(60) + '{{ a | join }}',
      steps,
    ],
    [
      'and searched',
      '{% set a = [1] %}' + '{% set a = [a, a] %}'.repeat(60) + '{{ 1 in a }}',
      steps,
    ],
    ['a deep list, printed', grow('{% set ns.l = [ns.l] %}') + '{{ ns.l }}', 'nested too deeply'],
    [
      'a deep map, compared',
      grow("{% set ns.m = {'a': ns.m} %}") + '{{ ns.m == {} }}',
      'nested too deeply',
    ],
    ['join with a long text', '{{ list | join(long) }}', steps],
    ['a method that joins', '{{ long.join(list) }}', steps],
    ['replace by a long text', "{{ long | replace('x', long) }}", steps],
    ['replace of nothing', "{{ 'ab' | replace('', long) }}", 'printed ab'],
    ['a deep indent', "{{ '\n' | indent(10**9, true, true) }}", steps],
    ['many indented lines', "{{ list | join('\n') | indent(100000) }}", steps],
    ['indented JSON', '{% for a in list %}{{ list | tojson(10) | length }}{% endfor %}', steps],
    ['a long text, printed often', '{{ long }}'.repeat(3), 'becomes longer than'],
    [
      'a long text, changed often',
      '{% for a in list %}{% set b = long | upper %}{% endfor %}',
      steps,
    ],
    [
      'a long text, compared often',
      "{% for a in list %}{% set b = long == long ~ '' %}{% endfor %}",
      steps,
    ],
    ['a long text, searched in another', "{{ ('y' ~ long) in (long ~ long) }}", steps],
    ['a long text, split', "{% for a in list %}{% set b = long.split('x') %}{% endfor %}", steps],
    [
      'a long list, sorted often',
      '{% for a in list %}{% set b = list | sort %}{% endfor %}',
      steps,
    ],
    [
      'filters of filters',
      "{{ [list] * 2 if no else list | map('map', 'upper') | map('list') | list | length }}",
      'printed 1000',
    ],
    [
      'cycles',
      '{% set ns = namespace() %}{% set ns.a = ns %}{% set ns.b = [ns] %}{{ ns }}{{ ns.b }}{{ ns == ns.a.a }}',
      'printed {}[{}]true',
    ],
    ['a precision that is too large', '{{ 1.5 | round(400) }}', 'too large'],
    ['counts that are not numbers', "{{ 'x' * (10**300 * 10**300) }}", 'too large'],
    [
      'negative counts',
      "{{ 'x' * -5 }}{{ 'a' | indent(-5) }}{{ range(-5) }}{{ 'abcdefghij' | truncate(-5) }}",
      'printed a[]...',
    ],
  ])('%s', (_, template, outcome) => {
    expect(outcomeOf(template, { list, long })).toContain(outcome)
  })

  test('variables as large as a request can hold', () => {
    const huge = { text: 'x'.repeat(limits.body), list: Array.from({ length: 3_000_000 }, () => 0) }
    for (const use of [
      'text | upper',
      'text[::2]',
      'text | list',
      "text.split('x')",
      'list | sort',
      'list | join',
      'list',
      "text | replace('x', 'yy')",
      "'y' in list",
      'list + list',
      'list | map("abs")',
    ]) {
      expect(outcomeOf(`{{ ${use} }}`, huge)).toContain(steps)
    }
    expect(outcomeOf('{{ text | length }} {{ list | length }}', huge)).toBe(
      'printed 10485760 3000000',
    )
  })
})

test('no part of the host is ever printed or run', () => {
  const hosts = 'constructor __proto__ prototype toString __class__ call value length'
  const own = 'a loop range namespace upper items'
  const name = fc.constantFrom(...`${hosts} ${own}`.split(' '))
  const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('.'))
  const shape = fc.constantFrom(
    '{{ PATH }}',
    "{{ a['PATH'] }}",
    '{{ a.PATH ~ 1 }}',
    "{{ a.get('PATH') }}",
    '{% for x in PATH %}{{ x }}{{ loop.PATH }}{% endfor %}',
    '{% set ns = namespace(b=PATH) %}{{ ns.PATH }}{{ ns }}',
    "{% set ns = namespace() %}{% set ns.__proto__ = {'polluted': 1} %}{{ ns.PATH }}",
    "{{ {'PATH': 1, '__proto__': {'polluted': 1}}.PATH }}",
    "{{ [a] | map(attribute='PATH') | list }}{{ {'PATH': 1} | tojson }}",
  )
  const tag = fc.tuple(shape, path).map(([text, names]) => text.replaceAll('PATH', () => names))
  fc.assert(
    fc.property(fc.array(tag, { maxLength: 4 }), fc.jsonValue(), (tags, a) => {
      const printed = outcomeOf(tags.join(' '), { a })
      expect(printed).toEqual(expect.any(String))
      expect(printed).not.toMatch(/function \w*\(|native code|\[object/)
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    }),
    { numRuns: 500 },
  )
})
