import { type Budget, limits, LonghaulError } from '@longhaul/core'
import mustache from 'mustache'
import { broken, createOutput, overBudget, ownValue, printed } from './output.ts'

/** A piece of a parsed template. `path` is a name, split at its dots; empty for `.`, the item itself. */
export type Node =
  | { type: 'text'; text: string }
  | { type: 'value'; path: string[] }
  | { type: 'section'; path: string[]; inverted: boolean; nodes: Node[] }

/** The values in which a name is looked up, from the innermost to the outermost. */
type Scope = { value: unknown; outer?: Scope }

/**
 * Renders a mustache template: values, sections, inverted sections, comments. There are no lambdas, no partials, no
 * other delimiters and no HTML escaping. A template reads only own values of the variables, never inherited ones.
 * Nested sections multiply work, so the work is counted.
 */
export function renderMustache(
  nodes: Node[],
  variables: Record<string, unknown>,
  budget: Budget,
): string {
  const output = createOutput(budget)
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
    budget.steps -= 1
    if (budget.steps < 0) throw overBudget('takes too many steps')
  }
}

/** Parses a template with the library. The result is rendered here, since the work must be bounded. */
export function parseMustache(template: string): Node[] {
  refuseSlowTags(template)
  try {
    // A new writer, since the library's own writer caches every template.
    return nodesOf(new mustache.Writer().parse(template) as MustacheToken[], 0)
  } catch (error) {
    if (error instanceof LonghaulError) throw error
    throw broken(`cannot be parsed: ${error instanceof Error ? error.message : 'unknown reason'}`)
  }
}

/** The library needs quadratic time for white space before the end of a tag. Other delimiters would hide such tags. */
function refuseSlowTags(template: string) {
  for (let start = template.indexOf('{{'); start !== -1;) {
    const close = template.indexOf('}}', start)
    const tag = template.slice(start + 2, close === -1 ? undefined : close)
    if (/\s{100}/.test(tag)) throw broken(`has too much white space in a tag`)
    if (/^\s*=/.test(tag)) throw broken('changes the delimiters, which is not supported')
    start = close === -1 ? -1 : template.indexOf('{{', close)
  }
}

type MustacheToken = [
  kind: string,
  text: string,
  start: number,
  end: number,
  inner?: MustacheToken[],
]

function nodesOf(tokens: MustacheToken[], depth: number): Node[] {
  if (depth > limits.templateDepth) throw broken('has too many nested sections')
  return tokens.flatMap(([kind, text, , , inner = []]): Node[] => {
    switch (kind) {
      case 'text':
        return [{ type: 'text', text }]
      case 'name':
      case '&':
        return [{ type: 'value', path: pathOf(text) }]
      case '#':
      case '^': {
        const nodes = nodesOf(inner, depth + 1)
        return [{ type: 'section', path: pathOf(text), inverted: kind === '^', nodes }]
      }
      case '!':
        return []
      case '>':
        throw broken('uses a partial, which is not supported')
      default:
        throw broken(`has a tag of an unknown kind, ${JSON.stringify(kind)}`)
    }
  })
}

function pathOf(name: string): string[] {
  return name === '.' ? [] : name.split('.')
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === false || value === '' || value === 0
}
