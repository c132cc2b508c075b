import { broken } from '../../output.ts'
import { createDepthLimit } from './depth-limit.ts'
import type { ExpressionTree, IfTree, StatementTree, Tree } from './library-tree.ts'
import { createExpressionReader } from './read-expression.ts'
import type { Names, Statement, Target } from './syntax.ts'

/** A parsed template, and the names of all its variables. */
export type Jinja = { statements: Statement[]; names: ReadonlySet<string> }

/** Converts the tree of the library. Refuses unsupported nodes and too deep nesting. */
export function readTree(tree: Tree[]): Jinja {
  const deeper = createDepthLimit()
  const { names, read, readFilter } = createExpressionReader(deeper)
  return { statements: readBody(tree), names }

  function readBody(body: Tree[]): Statement[] {
    return body.flatMap((node) => deeper(readNode, node))
  }

  function readNode(node: Tree): Statement[] {
    if (isStatement(node)) return readStatement(node)
    return node.type === 'StringLiteral'
      ? [{ type: 'text', text: node.value }]
      : [{ type: 'print', value: read(node) }]
  }

  function readStatement(node: StatementTree): Statement[] {
    switch (node.type) {
      case 'Comment':
        return []
      case 'If':
        return [readIf(node)]
      case 'For':
        return [readFor(node)]
      case 'Set': {
        const target = readTarget(node.assignee)
        return node.value === null
          ? [{ type: 'set-block', target, body: readBody(node.body) }]
          : [{ type: 'set', target, value: read(node.value) }]
      }
      case 'FilterStatement':
        return [
          { type: 'filter-block', filter: readFilter(node.filter), body: readBody(node.body) },
        ]
      case 'Break':
      case 'Continue':
      case 'Macro':
        throw broken(`uses ${node.type.toLowerCase()}, which is not supported`)
      case 'CallStatement':
        throw broken('uses call, which is not supported')
    }
  }

  /** A chain of `elif` of any length is one level. */
  function readIf(node: IfTree): Statement {
    const branches = [{ test: read(node.test), body: readBody(node.body) }]
    let rest = node.alternate
    for (let [next] = rest; rest.length === 1 && next?.type === 'If'; [next] = rest) {
      branches.push({ test: read(next.test), body: readBody(next.body) })
      rest = next.alternate
    }
    return { type: 'if', branches, otherwise: readBody(rest) }
  }

  /** The library parses the condition of a loop as a condition of its list. */
  function readFor(node: StatementTree & { type: 'For' }): Statement {
    const { iterable, body, defaultBlock } = node
    const [list, test] =
      iterable.type === 'SelectExpression' ? [iterable.lhs, iterable.test] : [iterable]
    return {
      type: 'for',
      target: readNames(node.loopvar),
      list: read(list),
      test: test && read(test),
      body: readBody(body),
      otherwise: readBody(defaultBlock),
    }
  }

  function readTarget(node: ExpressionTree): Target {
    if (node.type !== 'MemberExpression') return readNames(node)
    const { object, property, computed } = node
    if (computed || object.type !== 'Identifier' || property.type !== 'Identifier') {
      throw broken('gives a value to what is not a name')
    }
    names.add(object.value)
    return { type: 'attribute', object: object.value, name: property.value }
  }
}

const statementTypes: ReadonlySet<string> = new Set<StatementTree['type']>([
  'Comment',
  'If',
  'For',
  'Set',
  'FilterStatement',
  'Break',
  'Continue',
  'Macro',
  'CallStatement',
])

function isStatement(node: Tree): node is StatementTree {
  return statementTypes.has(node.type)
}

function readNames(node: ExpressionTree): Names {
  if (node.type !== 'TupleLiteral') return { type: 'name', name: nameOf(node) }
  return { type: 'names', names: node.value.map(nameOf) }
}

function nameOf(node: ExpressionTree): string {
  if (node.type === 'Identifier') return node.value
  throw broken('gives a value to what is not a name')
}
