import { cutText } from '@longhaul/core'
import { broken } from '../../output.ts'
import { bind } from './bind-arguments.ts'
import type { DepthLimit } from './depth-limit.ts'
import { filters } from '../filters/filters.ts'
import { isTests } from '../is-tests.ts'
import type { ExpressionTree } from './library-tree.ts'
import { methods } from '../methods.ts'
import type { Call, Expression } from './syntax.ts'

/** Reads expressions, and collects the names of their variables. */
export function createExpressionReader(deeper: DepthLimit) {
  const names = new Set<string>()
  return { names, read, readFilter }

  function read(node: ExpressionTree): Expression {
    return deeper(readExpression, node)
  }

  function readExpression(node: ExpressionTree): Expression {
    switch (node.type) {
      case 'StringLiteral':
        return { type: 'literal', value: node.value }
      case 'IntegerLiteral':
      case 'FloatLiteral':
        if (!Number.isFinite(node.value)) throw broken('has a number that is too large')
        return { type: 'literal', value: node.value }
      case 'Identifier':
        return readName(node.value)
      case 'ArrayLiteral':
      case 'TupleLiteral':
        return { type: 'list', items: node.value.map(read) }
      case 'ObjectLiteral': {
        const entries = [...node.value].map(([key, value]) => [read(key), read(value)] as const)
        return { type: 'map', entries }
      }
      case 'MemberExpression':
        return readMember(node)
      case 'CallExpression':
        return readCall(node.callee, node.args)
      case 'UnaryExpression':
        return { type: 'unary', operator: node.operator.value, operand: read(node.argument) }
      case 'BinaryExpression': {
        const operator = node.operator.value
        const [left, right] = [read(node.left), read(node.right)]
        return operator === 'and' || operator === 'or'
          ? { type: operator, left, right }
          : { type: 'binary', operator, left, right }
      }
      case 'FilterExpression':
        return { type: 'filter', operand: read(node.operand), filter: readFilter(node.filter) }
      case 'TestExpression': {
        const test = node.test.value
        if (known(isTests, test, 'test').compares) {
          throw broken(`uses the test ${test} with nothing to compare with`)
        }
        return { type: 'test', operand: read(node.operand), test, negated: node.negate }
      }
      case 'Ternary': {
        const [test, value] = [read(node.condition), read(node.trueExpr)]
        return { type: 'choice', test, value, otherwise: read(node.falseExpr) }
      }
      case 'SelectExpression': {
        const [test, value] = [read(node.test), read(node.lhs)]
        return { type: 'choice', test, value, otherwise: undefined }
      }
      case 'SliceExpression':
      case 'KeywordArgumentExpression':
      case 'SpreadExpression':
      case 'KeywordSpreadExpression':
        throw broken('has something in a place where it cannot stand')
    }
  }

  function readName(name: string): Expression {
    const constant = constants.get(name)
    if (constant !== undefined) return constant
    names.add(name)
    return { type: 'name', name }
  }

  function readMember(node: ExpressionTree & { type: 'MemberExpression' }): Expression {
    const { property, computed } = node
    const object = read(node.object)
    if (property.type === 'SliceExpression') {
      const { start, stop, step } = property
      return {
        type: 'slice',
        object,
        start: start && read(start),
        stop: stop && read(stop),
        step: step && read(step),
      }
    }
    const isName = !computed && property.type === 'Identifier'
    const key: Expression = isName ? { type: 'literal', value: property.value } : read(property)
    return { type: 'member', object, key }
  }

  function readFilter(node: ExpressionTree): Call {
    const [callee, given] = node.type === 'CallExpression' ? [node.callee, node.args] : [node, []]
    if (callee.type !== 'Identifier') throw broken('uses a filter that is not a name')
    const filter = known(filters, callee.value, 'filter')
    const args = bind({ name: callee.value, ...filter }, given, read)
    const { names: naming } = filter
    const named = naming && args[naming.at]
    if (naming !== undefined && named?.type === 'literal') {
      const table = naming.kind === 'filter' ? filters : isTests
      known<unknown>(table, String(named.value), naming.kind)
    }
    return { name: callee.value, args }
  }

  function readCall(callee: ExpressionTree, given: ExpressionTree[]): Expression {
    if (callee.type === 'MemberExpression' && callee.property.type === 'Identifier') {
      const name = callee.property.value
      const method = known(methods, name, 'method')
      const args = bind({ name, ...method }, given, read)
      return { type: 'method', object: read(callee.object), method: { name, args } }
    }
    const name = callee.type === 'Identifier' ? callee.value : 'what has no name'
    if (name === 'range') {
      const args = bind({ name, parameters: ['start', 'stop', 'step'] }, given, read)
      return { type: 'range', args }
    }
    if (name !== 'namespace') {
      throw broken(`calls ${cutText(name, 100)}, which is not a function`)
    }
    const values = given.map((node) => {
      if (node.type === 'KeywordArgumentExpression')
        return [node.key.value, read(node.value)] as const
      throw broken('gives namespace a value without a name')
    })
    return { type: 'namespace', values }
  }
}

const constants: ReadonlyMap<string, Expression> = new Map([
  ['true', { type: 'literal', value: true }],
  ['True', { type: 'literal', value: true }],
  ['false', { type: 'literal', value: false }],
  ['False', { type: 'literal', value: false }],
  ['none', { type: 'literal', value: null }],
  ['None', { type: 'literal', value: null }],
])

function known<T>(table: ReadonlyMap<string, T>, name: string, kind: string): T {
  const found = table.get(name)
  if (found === undefined) {
    throw broken(`uses the ${kind} ${cutText(name, 100)}, which is unknown`)
  }
  return found
}
