import { limits, LonghaulError } from '@longhaul/core'
import * as fc from 'fast-check'
import mustache from 'mustache'
import { describe, expect, test } from 'vitest'
import { problemOf } from './template.fixture.ts'
import { render } from './template.ts'

const text = (template: string, variables: Record<string, unknown> = {}) =>
  render(template, { engine: 'text', variables })
const stache = (template: string, variables: Record<string, unknown> = {}) =>
  render(template, { engine: 'mustache', variables })

// Prints values that are not text, as Longhaul does.
const escape = (item: unknown) => (typeof item === 'string' ? item : JSON.stringify(item))

test.each([
  ['{{ smile[0] }}', '\ufffd'],
  ['{{ smile[0] }}{{ smile[1] }}', '😀'],
  ['{{ smile }}', '😀'],
])('a lone surrogate is printed as U+FFFD: %s', (template, expected) => {
  expect(render(template, { engine: 'jinja', variables: { smile: '😀' } })).toBe(expected)
})

describe('text', () => {
  const variables = {
    name: 'Ada',
    n: 3,
    no: false,
    none: null,
    a: { b: { c: 'deep' }, list: ['x', { y: 1 }] },
    'a.d': 'dotted',
  }

  test.each([
    ['Hello {{name}}!', 'Hello Ada!'],
    ['{{ name }}{{\tname\n}}', 'AdaAda'],
    ['{{n}} {{no}} {{none}}.', '3 false .'],
    ['{{a.b.c}} {{a.b}} {{a.list.1.y}}', 'deep {"c":"deep"} 1'],
    ['{{a.d}}', 'dotted'],
    ['{{unknown}} {{a.x}} {{name.length}}', '{{unknown}} {{a.x}} {{name.length}}'],
    ['{{}} {{ }} {{a b}} {{{name}}} {name}', '{{}} {{ }} {{a b}} {Ada} {name}'],
    [
      '{{constructor}} {{__proto__}} {{a.toString}}',
      '{{constructor}} {{__proto__}} {{a.toString}}',
    ],
  ])('%s', (template, expected) => {
    expect(text(template, variables)).toBe(expected)
  })

  test('a value is not rendered again', () => {
    expect(text('{{a}}', { a: '{{b}} $& $1', b: 'no' })).toBe('{{b}} $& $1')
  })

  test('any text without variables is unchanged', () => {
    fc.assert(
      fc.property(fc.string(), (template) => {
        expect(text(template)).toBe(template)
      }),
    )
  })
})

describe('mustache', () => {
  const variables = {
    name: '<Ada & "co">',
    user: { name: 'Bob', tags: ['a', 'b'] },
    list: [{ n: 1 }, { n: 2 }],
    empty: [],
    yes: true,
    n: 0,
  }

  test.each([
    ['{{name}} {{{name}}} {{&name}}', '<Ada & "co"> <Ada & "co"> <Ada & "co">'],
    ['{{user.name}} {{#user}}{{name}} {{yes}}{{/user}}', 'Bob Bob true'],
    ['{{#list}}{{n}},{{/list}}{{^list}}none{{/list}}', '1,2,'],
    ['{{#user.tags}}<{{.}}>{{/user.tags}}', '<a><b>'],
    ['{{#empty}}x{{/empty}}{{^empty}}none{{/empty}}', 'none'],
    ['{{^n}}zero{{/n}}{{#unknown}}x{{/unknown}}', 'zero'],
    ['a{{! a comment }}b', 'ab'],
    ['one\n  {{#yes}}\ntwo\n  {{/yes}}\nthree', 'one\ntwo\nthree'],
    ['{{unknown}}{{user}}', '{"name":"Bob","tags":["a","b"]}'],
    [
      '{{constructor}}{{__proto__}}{{user.constructor.name}}{{#toString}}x{{/toString}}{{list.length}}',
      '2',
    ],
  ])('%s', (template, expected) => {
    expect(stache(template, variables)).toBe(expected)
  })

  test.each([
    ['{{name', 'Unclosed tag'],
    ['{{#a}}', 'Unclosed section "a"'],
    ['{{#a}}{{/b}}', 'Unclosed section "a"'],
    ['{{/a}}', 'Unopened section "a"'],
    ['{{> other}}', 'partial'],
    [`{{${' '.repeat(200_000)}`, 'too much white space'],
    ['{{=<% %>=}}', 'delimiters'],
    ['{{#a}}'.repeat(101) + '{{/a}}'.repeat(101), 'too many nested sections'],
  ])('%s is refused', (template, reason) => {
    expect(problemOf(template, 'mustache')).toContain(reason)
    expect(problemOf(template, 'text')).toBeUndefined()
    expect(() => stache(template)).toThrow(LonghaulError)
  })

  test('prints what the common library prints', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'a.b', 'b.c', 'd')
    const pieces: fc.Arbitrary<string> = fc.letrec<{ part: string; whole: string }>((tie) => ({
      part: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom('x', ' ', '\n', '\r\n', '  \n', '}', 'é'),
        fc
          .tuple(name, fc.constantFrom('{{%}}', '{{{%}}}', '{{& % }}', '{{ % }}', '{{! % }}'))
          .map(([value, tag]) => tag.replace('%', value)),
        fc
          .tuple(name, fc.constantFrom('#', '^'), tie('whole'))
          .map(([value, sigil, inner]) => `{{${sigil}${value}}}${inner}{{/${value}}}`),
      ),
      whole: fc.array(tie('part'), { maxLength: 6 }).map((parts) => parts.join('')),
    })).whole
    // Without null, since the library throws for a null in a list.
    const leaf = fc.constantFrom<unknown>('v', '', 0, 7, false, '{{a}}')
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value')),
        fc.array(tie('value'), { maxLength: 3 }),
      ),
    }))
    fc.assert(
      fc.property(
        pieces,
        fc.dictionary(fc.constantFrom('a', 'b', 'c'), value),
        (template, data) => {
          // The library escapes the values of `{{name}}`, Longhaul escapes none.
          const plain = template.replaceAll(/\{\{\{(.*?)\}\}\}|\{\{& (.*?) \}\}/g, '{{$1$2}}')
          expect(stache(template, data)).toBe(mustache.render(plain, data, {}, { escape }))
        },
      ),
      { numRuns: 1_000 },
    )
  })
})

const isRendered = (outcome: unknown) =>
  typeof outcome === 'string' || outcome instanceof LonghaulError

describe('bounds', () => {
  const big = { a: 'x'.repeat(limits.template) }

  test.each(['text', 'mustache'] as const)('%s: the result is bounded', (engine) => {
    expect(() => render('{{a}}'.repeat(100), { engine, variables: big })).toThrow('longer than')
    expect(() => render('x'.repeat(limits.template + 1), { engine, variables: {} })).toThrow(
      'longer than',
    )
  })

  test('the work is bounded', () => {
    const list = Array.from({ length: 100 }, () => 0)
    const nested = '{{#list}}'.repeat(50) + '{{/list}}'.repeat(50)
    expect(() => stache(nested, { list })).toThrow('too many steps')
    expect(() => stache('{{a.a}}'.repeat(30_000) + nested, { list })).toThrow('too many steps')
  })

  test.each([
    ['{{'.repeat(120_000)],
    ['{{a' + ' '.repeat(250_000)],
    ['{{a}}' + '\n'.repeat(250_000)],
    ['{{{'.repeat(80_000)],
    ['{{ ' + 'a.'.repeat(120_000) + '}}'],
    ['{{#a}}{{/a}}'.repeat(20_000)],
    ['{{!' + '}'.repeat(100_000) + ' }}'.repeat(30_000)],
    ['{{' + '\n'.repeat(200_000) + '}}'],
  ])('no template stalls the process (%#)', (template) => {
    const before = process.cpuUsage()
    const outcomes = (['text', 'mustache'] as const).map((engine) => {
      try {
        return render(template, { engine, variables: { a: [] } })
      } catch (error) {
        return error
      }
    })
    expect(outcomes.every((outcome) => isRendered(outcome))).toBe(true)
    // The usual time is below a second. The limit is larger, so that a busy machine passes.
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(5_000)
  })

  test('no part of the host is ever printed or run', () => {
    const name = fc
      .array(
        fc.constantFrom(
          'constructor',
          '__proto__',
          'prototype',
          'toString',
          'a',
          'call',
          'process',
        ),
        { minLength: 1, maxLength: 4 },
      )
      .map((path) => path.join('.'))
    const tag = fc
      .tuple(name, fc.constantFrom('{{%}}', '{{{%}}}', '{{#%}}in{{/%}}', '{{#a}}{{%}}{{/a}}'))
      .map(([path, shape]) => shape.replaceAll('%', path))
    fc.assert(
      fc.property(fc.array(tag), fc.jsonValue(), (tags, a) => {
        const printed = stache(tags.join(' '), { a })
        expect(printed).not.toMatch(/function|native code|\[object/)
        expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
      }),
    )
  })
})
