import { limits } from '@longhaul/core'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { problemOf } from '../template.fixture.ts'
import { namesIn, render } from '../template.ts'
import { outcomeOf } from './outcome-of.ts'

const jinja = (template: string, variables: Record<string, unknown> = {}) =>
  render(template, { engine: 'jinja', variables })

const variables = {
  name: 'Ada',
  none: null,
  no: false,
  n: 3,
  html: '<b> & "c"',
  text: 'one two three',
  tags: ['x', 'y'],
  users: [
    { name: 'Ann', age: 30, admin: true },
    { name: 'bob', age: 20 },
  ],
  map: { k: 1, 'a key': 2, items: 'mine' },
  empty: [],
}

describe('values', () => {
  test.each([
    ['Hello {{ name }}, {{name}}!', 'Hello Ada, Ada!'],
    [
      '{{ n }} {{ no }} {{ 1.5 }} {{ 2.0 }} {{ -n }} {{ true }} {{ False }}',
      '3 false 1.5 2 -3 true false',
    ],
    ['{{ none }}{{ ghost }}{{ ghost.a.b[0] }}{{ name.x }}{{ tags[9] }}', ''],
    ['{{ html }} {{ html | safe }}', '<b> & "c" <b> & "c"'],
    [
      '{{ tags }} {{ users[1] }} {{ [none, ghost] }}',
      '["x","y"] {"name":"bob","age":20} [null,null]',
    ],
    ["{{ map.k }} {{ map['a key'] }} {{ map[name] }} {{ map.items }}", '1 2  mine'],
    [
      '{{ users[0].name }} {{ users.1.name }} {{ tags[-1] }} {{ name[0] }} {{ tags.length }}',
      'Ann bob y A 2',
    ],
    [
      '{{ tags[:1] }} {{ text[4:7] }} {{ text[-5:] }} {{ tags[::-1] }} {{ text[3:0:-1] }}',
      '["x"] two three ["y","x"]  en',
    ],
    ["{{ 'a' if n > 2 else 'b' }}{{ 'c' if no }}{{ none or 'd' }}{{ n and 'e' }}", 'ade'],
    [
      "{{ {'a': [1, 'b']} }} {{ (1, 2)[1] }} {{ 'it''s' }} {{ \"\\u00e9\\n\" }}",
      '{"a":[1,"b"]} 2 its é\n',
    ],
  ])('%s', (template, expected) => {
    expect(jinja(template, variables)).toBe(expected)
  })
})

describe('operators and tests', () => {
  test.each([
    [
      '{{ 1 + 2 * 3 }} {{ 7 / 2 }} {{ 7 // 2 }} {{ -7 % 3 }} {{ 2 ** 10 }} {{ n - 1 }}',
      '7 3.5 3 2 1024 2',
    ],
    [
      "{{ name ~ n ~ none }} {{ name + '!' }} {{ tags + [1] }} {{ '-' * 3 }}",
      'Ada3 Ada! ["x","y",1] ---',
    ],
    [
      "{{ n == 3 }} {{ n != 3 }} {{ n >= 3 }} {{ 'a' < 'b' }} {{ [1] == [1] }} {{ 1 == '1' }}",
      'true false true true true false',
    ],
    [
      "{{ 'x' in tags }} {{ 'k' in map }} {{ 'wo' not in text }} {{ 1 in ghost }}",
      'true true false false',
    ],
    [
      '{{ ghost is defined }} {{ none is defined }} {{ none is none }} {{ n is not odd }}',
      'false true true false',
    ],
    [
      '{{ map is mapping }} {{ tags is iterable }} {{ name is string }} {{ n is number }}',
      'true true true true',
    ],
    ["{{ users | selectattr('age', 'gt', 25) | map(attribute='name') | join }}", 'Ann'],
    ["{{ ghost == none }} {{ not empty }} {{ not '' }} {{ not map }}", 'true true true false'],
  ])('%s', (template, expected) => {
    expect(jinja(template, variables)).toBe(expected)
  })
})

describe('statements', () => {
  test.each([
    ['{% if n > 5 %}big{% elif n == 3 %}three{% else %}small{% endif %}', 'three'],
    ['{% if ghost %}a{% elif empty %}b{% else %}c{% endif %}', 'c'],
    [
      '{% for u in users %}{{ loop.index }}/{{ loop.length }} {{ u.name }}{{ ", " if not loop.last }}{% endfor %}',
      '1/2 Ann, 2/2 bob',
    ],
    ['{% for x in empty %}x{% else %}none{% endfor %}{% for x in ghost %}x{% endfor %}', 'none'],
    ['{% for u in users if u.age > 25 %}{{ u.name }} of {{ loop.length }}{% endfor %}', 'Ann of 1'],
    [
      '{% for k, v in map.items() %}{{ k }}={{ v }};{% endfor %}{% for k in map %}{{ k }},{% endfor %}',
      'k=1;a key=2;items=mine;k,a key,items,',
    ],
    [
      '{% for a in tags %}{% for b in tags %}{{ a }}{{ b }}{{ loop.index0 }} {% endfor %}{{ loop.first }} {% endfor %}',
      'xx0 xy1 true yx0 yy1 false ',
    ],
    [
      "{% for i in range(3) %}{{ loop.cycle('odd', 'even') }}{{ loop.previtem }} {% endfor %}",
      'odd even0 odd1 ',
    ],
    ['{% set x = 1 %}{% for i in tags %}{% set x = 2 %}{% endfor %}{{ x }}', '1'],
    ['{% if n %}{% set x = 2 %}{% endif %}{% set a, b = tags %}{{ x }}{{ a }}{{ b }}', '2xy'],
    [
      '{% set ns = namespace(sum=0) %}{% for u in users %}{% set ns.sum = ns.sum + u.age %}{% endfor %}{{ ns.sum }}',
      '50',
    ],
    [
      '{% set hi %}Hi {{ name }}{% endset %}{{ hi | upper }}{% filter upper %}, {{ name }}{% endfilter %}',
      'HI ADA, ADA',
    ],
    ['a{# a comment with {{ a_tag }} #}b', 'ab'],
    ['1\n{% if n %}\n2\n{% endif %}\n3', '1\n\n2\n\n3'],
    ['1\n  {%- if n -%}  \n2\n  {%- endif %}\n3 {{- n -}} 4 {#- c -#} 5', '12\n3345'],
    ['{% for x in tags %}\n- {{ x }}\n{%- endfor %}', '\n- x\n- y'],
    ['{% set name = none %}{{ name }}{{ n }}', '3'],
  ])('%s', (template, expected) => {
    expect(jinja(template, variables)).toBe(expected)
  })
})

describe('filters and methods', () => {
  test.each([
    [
      "{{ ghost | default('x') }} {{ none | d('y') }} {{ '' | default('z') }} {{ '' | default('z', true) }} {{ 0 | d(1) }}",
      'x y  z 0',
    ],
    [
      "{{ tags | join(', ') }} {{ tags | join }} {{ users | join('+', attribute='name') }} {{ [1, none, [2]] | join('.') }}",
      'x, y xy Ann+bob 1..[2]',
    ],
    [
      "{{ name | upper }} {{ name | lower }} {{ 'aB cD' | title }} {{ 'aB' | capitalize }} {{ ' a ' | trim }}.",
      'ADA ada Ab Cd Ab a.',
    ],
    ['{{ tags | length }} {{ name | length }} {{ map | count }} {{ ghost | length }}', '2 3 3 0'],
    [
      '{{ map | tojson }} {{ name | tojson }} {{ none | tojson }} {{ [1] | tojson(indent=1) }}',
      '{"k":1,"a key":2,"items":"mine"} "Ada" null [\n 1\n]',
    ],
    [
      "{{ ghost | upper }}{{ ghost | join }}{{ ghost | first }}{{ none | replace('a', 'b') }}{{ ghost.strip() }}",
      '',
    ],
    [
      '{{ tags | first }} {{ tags | last }} {{ tags | reverse | join }} {{ name | reverse }} {{ map | list }}',
      'x y yx adA ["k","a key","items"]',
    ],
    [
      "{{ ['b', 'A', 'c'] | sort | join }} {{ [2, 10, 1] | sort(reverse=true) | join(' ') }} {{ users | sort(attribute='age') | map(attribute='name') | join }}",
      'Abc 10 2 1 bobAnn',
    ],
    [
      "{{ users | selectattr('admin') | map(attribute='name') | list }} {{ users | rejectattr('admin') | length }} {{ [0, 1] | select | list }} {{ [1, 2] | reject('odd') | list }}",
      '["Ann"] 1 [1] [2]',
    ],
    [
      "{{ tags | map('upper') | join }} {{ ['a-b'] | map('replace', '-', '+') | first }} {{ users | map(attribute='admin', default='?') | join }}",
      'XY a+b true?',
    ],
    [
      "{{ users | sum(attribute='age') }} {{ [3, 1] | min }} {{ users | max(attribute='age') | items | first }} {{ ['a', 'A', 'b'] | unique | join }}",
      '50 1 ["name","Ann"] ab',
    ],
    [
      "{{ {'b': 1, 'a': 2} | dictsort }} {{ {'b': 1, 'a': 2} | dictsort(by='value') | first }}",
      '[["a",2],["b",1]] ["b",1]',
    ],
    [
      "{{ '3.7' | int }} {{ 'x' | int(9) }} {{ ' 2.5 ' | float }} {{ 2.567 | round(2) }} {{ 1.2 | round(method='ceil') }} {{ -2 | abs }} {{ 5 | string + '!' }}",
      '3 9 2.5 2.57 2 2 5!',
    ],
    [
      "{{ text | truncate(9, leeway=0) }} {{ text | truncate(9, true, '~', 0) }} {{ text | truncate }} {{ text | replace('o', '0', 1) }}",
      'one... one two ~ one two three 0ne two three',
    ],
    [
      "{{ 'a\n\nb' | indent }} {{ 'a\n\nb' | indent('> ', first=true, blank=true) }}",
      'a\n\n    b > a\n> \n> b',
    ],
    [
      "{{ text.split() | length }} {{ text.split(' ', 1) }} {{ ' a  b c'.split(none, 1) }} {{ '-'.join(tags) }}",
      '3 ["one","two three"] ["a","b c"] x-y',
    ],
    [
      "{{ name.upper() }} {{ name.startswith('A') }} {{ name.endswith(['x', 'da']) }} {{ ' a '.strip() }} {{ name.replace('A', '$&') }}",
      'ADA true true a $&da',
    ],
    [
      "{{ map.get('k') }} {{ map.get('z', 'no') }} {{ map.keys() }} {{ map.values() }}",
      '1 no ["k","a key","items"] [1,2,"mine"]',
    ],
  ])('%s', (template, expected) => {
    expect(jinja(template, variables)).toBe(expected)
  })
})

describe('a template is refused before it is stored', () => {
  test.each([
    ['{{ name', 'cannot be parsed: Unexpected end of input'],
    ['{% if a %}', 'ends within a tag or a block'],
    ['{% endif %}', 'Unknown statement type: endif'],
    ['{{ a b }}', 'cannot be parsed: Expected closing expression token'],
    ['{% include "x" %}', 'Unknown statement type: include'],
    ['{% macro f() %}{{ f() }}{% endmacro %}', 'uses macro, which is not supported'],
    ['{% call f() %}{% endcall %}', 'uses call, which is not supported'],
    ['{% for a in b %}{% break %}{% endfor %}', 'uses break, which is not supported'],
    ['{{ a | shout }}', 'uses the filter shout, which is unknown'],
    ["{{ a | map('shout') }}", 'uses the filter shout, which is unknown'],
    ["{{ a | selectattr('x', 'loud') }}", 'uses the test loud, which is unknown'],
    ['{{ a is loud }}', 'uses the test loud, which is unknown'],
    ['{{ a is eq }}', 'with nothing to compare with'],
    ['{{ a | upper(1) }}', 'gives too many arguments to upper'],
    ['{{ a | join(sep=1) }}', 'gives join an argument that it does not take: sep'],
    ['{{ raise_exception("x") }}', 'calls raise_exception, which is not a function'],
    ['{{ a.format(1) }}', 'uses the method format, which is unknown'],
    ['{{ range(*a) }}', 'unpacks the arguments of range'],
    ['{% set a.b.c = 1 %}', 'gives a value to what is not a name'],
    ['{% set 1 = 1 %}', 'gives a value to what is not a name'],
    [`{{ ${'9'.repeat(400)} }}`, 'has a number that is too large'],
  ])('%s', (template, reason) => {
    expect(problemOf(template, 'jinja')).toContain(reason)
    expect(outcomeOf(template)).toContain(reason)
  })

  const deep = 'nested deeper than 100 levels'
  test.each([
    ['blocks in blocks', '{% if a %}'.repeat(101) + '{% endif %}'.repeat(101), deep],
    ['lists in lists', `{{ ${'['.repeat(101)}1${']'.repeat(101)} }}`, deep],
    ['very many parentheses', `{{ ${'('.repeat(100_000)}1${')'.repeat(100_000)} }}`, deep],
    ['a very long sum', `{{ a${' + a'.repeat(50_000)} }}`, deep],
    ['very many filters', `{{ a${' | upper'.repeat(20_000)} }}`, deep],
    ['very long white space', `{{ a }}${' '.repeat(100_000)}`, 'too much white space in one place'],
    ['a very long text', 'x'.repeat(limits.template + 1), 'longer than'],
  ])('for %s', (_, template, reason) => {
    expect(problemOf(template, 'jinja')).toContain(reason)
    expect(outcomeOf(template)).toContain(reason)
  })

  test('but not for a long chain of elif', () => {
    const chain = `{% if n == 0 %}0${Array.from({ length: 300 }, (_, i) => `{% elif n == ${i} %}${i}`).join('')}{% endif %}`
    expect(problemOf(chain, 'jinja')).toBeUndefined()
    expect(jinja(chain, { n: 299 })).toBe('299')
  })
})

test.each([
  ['{{ n + none }}', 'adds a number and a missing value'],
  ['{{ ghost > 1 }}', 'compares a missing value with a number'],
  ['{{ users - 1 }}', 'counts with a list'],
  ['{{ 1 / 0 }}{{ 1 % 0 }}', 'divides by zero'],
  ['{{ 10 ** 400 }}', 'too large'],
  ['{% for x in n %}{% endfor %}', 'goes through a number as through a list'],
  ['{% for a, b in users %}{% endfor %}', 'takes 2 values out of a map'],
  ['{% set map.k = 2 %}', 'only a namespace can be changed'],
  ['{{ map | map(name) }}', 'uses the filter Ada, which is unknown'],
  ['{{ tags.upper() }}', 'asks of a list what a text can do'],
  ['{{ range(0, 9, 0) }}', 'counts in steps of zero'],
  ['{{ users | sort }}', 'compares a map with a map'],
  ['{{ tags | join(1, 2, 3) }}', 'gives too many arguments to join'],
])('%s is refused when it is rendered', (template, reason) => {
  expect(outcomeOf(template, variables)).toContain(`the template `)
  expect(outcomeOf(template, variables)).toContain(reason)
})

test('text without tags is unchanged', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      fc.pre(!/\{[{%#]|\s{500}/.test(text))
      expect(jinja(text)).toBe(text)
    }),
  )
  expect(jinja('a\n\n')).toBe('a\n\n')
})

test('the names of a template are its variables, not its keywords', () => {
  const template =
    "role: {{ a.b | upper }}{% if c is defined %}{% for d in range(e) %}'f'{% endfor %}{% endif %}"
  expect([...namesIn({ path: '', text: template })].toSorted()).toEqual(['a', 'c', 'e'])
})
