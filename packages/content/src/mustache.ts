import { limits, LonghaulError } from '@longhaul/core'
import { createOutput, ownValue, printed } from './template-output.ts'

/** A piece of a parsed template. `path` is a name at its dots; empty for `.`, the item itself. */
export type Node =
  | { type: 'text'; text: string }
  | { type: 'value'; path: string[] }
  | { type: 'section'; path: string[]; inverted: boolean; nodes: Node[] }

/** The values that a name is looked up in, from the innermost outwards. */
type Scope = { value: unknown; outer?: Scope }

/**
 * Prints a mustache template: values, sections, inverted sections, comments. No lambdas, no partials, no
 * other delimiters, no HTML escaping; only what the variables themselves hold is seen.
 *
 * Our own hand, since the common library searches for the end of a tag in quadratic time, remembers
 * every template it has met, and has no measure for the work that sections within sections make.
 */
export function fillMustache(nodes: Node[], variables: Record<string, unknown>): string {
  const output = createOutput()
  let steps = 0
  fill(nodes, { value: variables })
  return output.text()

  function fill(part: Node[], scope: Scope) {
    for (const node of part) {
      step()
      if (node.type === 'text') output.add(node.text)
      else if (node.type === 'value') output.add(printed(lookUp(node.path, scope)))
      else fillSection(node, scope)
    }
  }

  function fillSection({ path, inverted, nodes: inner }: Node & { type: 'section' }, scope: Scope) {
    const value = lookUp(path, scope)
    const list = Array.isArray(value) ? value : isEmpty(value) ? [] : [value]
    if (inverted && list.length === 0) fill(inner, scope)
    if (inverted) return
    for (const item of list) {
      step()
      fill(inner, { value: item, outer: scope })
    }
  }

  function lookUp(path: string[], scope: Scope): unknown {
    if (path.length === 0) return scope.value
    for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
      let value = at.value
      for (const name of path) {
        step()
        value = ownValue(value, name)
        if (value === undefined) break
      }
      if (value !== undefined) return value
    }
    return undefined
  }

  function step() {
    steps += 1
    if (steps > limits.templateSteps) throw broken('takes too many steps')
  }
}

export function parseMustache(template: string): Node[] {
  const root: Node[] = []
  const open: { name: string; nodes: Node[] }[] = []
  for (const { kind, text } of withoutStandaloneLines(tokensOf(template))) {
    const nodes = open.at(-1)?.nodes ?? root
    switch (kind) {
      case 'text':
        nodes.push({ type: 'text', text })
        break
      case 'value':
        nodes.push({ type: 'value', path: pathOf(text) })
        break
      case '#':
      case '^': {
        const section = { name: text, nodes: [] }
        if (open.length === limits.templateDepth) throw broken('has too many nested sections')
        nodes.push({
          type: 'section',
          path: pathOf(text),
          inverted: kind === '^',
          nodes: section.nodes,
        })
        open.push(section)
        break
      }
      case '/':
        if (open.pop()?.name !== text) throw broken(`closes section ${quoted(text)} out of place`)
        break
      case '!':
        break
    }
  }
  const left = open.at(-1)
  if (left !== undefined) throw broken(`does not close section ${quoted(left.name)}`)
  return root
}

type Token = { kind: 'text' | 'value' | '#' | '^' | '/' | '!'; text: string }

/** Text, cut after each line's end, and tags. */
function tokensOf(template: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; ;) {
    const start = template.indexOf('{{', at)
    const text = template.slice(at, start === -1 ? undefined : start)
    for (const line of text.split(/(?<=\n)/)) tokens.push({ kind: 'text', text: line })
    if (start === -1) return tokens

    const inner = afterSpace(template, start + 2)
    const sigil = template.charAt(inner)
    const end = sigil === '{' ? '}}}' : '}}'
    const close = template.indexOf(end, inner)
    if (close === -1) throw broken(`does not close the tag at character ${start + 1}`)
    tokens.push(tagOf(sigil, template.slice(inner, close)))
    at = close + end.length
  }
}

function afterSpace(text: string, at: number): number {
  const space = /\s*/y
  space.lastIndex = at
  return at + (space.exec(text)?.[0].length ?? 0)
}

function tagOf(sigil: string, content: string): Token {
  switch (sigil) {
    case '#':
    case '^':
    case '/':
    case '!':
      return { kind: sigil, text: content.slice(1).trim() }
    case '{':
    case '&':
      return { kind: 'value', text: content.slice(1).trim() }
    case '>':
      throw broken('uses a partial, which is not supported')
    case '=':
      throw broken('changes the delimiters, which is not supported')
    default:
      return { kind: 'value', text: content.trim() }
  }
}

/** A line with nothing but sections and comments on it is not printed, its end included. */
function withoutStandaloneLines(tokens: Token[]): Token[] {
  const kept: Token[] = []
  let line: Token[] = []
  for (const [i, token] of tokens.entries()) {
    line.push(token)
    const ends = token.kind === 'text' && token.text.endsWith('\n')
    if (!ends && i < tokens.length - 1) continue
    const standalone = isStandalone(line)
    for (const each of line) if (!standalone || each.kind !== 'text') kept.push(each)
    line = []
  }
  return kept
}

function isStandalone(line: Token[]): boolean {
  return (
    line.some(({ kind }) => kind !== 'text') &&
    line.every(({ kind, text }) => (kind === 'text' ? text.trim() === '' : kind !== 'value'))
  )
}

function pathOf(name: string): string[] {
  return name === '.' ? [] : name.split('.')
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === false || value === '' || value === 0
}

function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 100))
}

function broken(what: string): LonghaulError {
  return new LonghaulError('invalid', `the template ${what}`)
}
