import { cutText } from '@longhaul/core'
import { broken } from '../../output.ts'
import type { ExpressionTree } from './library-tree.ts'
import type { Argument, Expression } from './syntax.ts'

/** The parameters of a filter, a method or a function. With `rest`, any number of values may follow them. */
export type Signature = { parameters: readonly string[]; rest?: boolean }

/** The arguments of a call, in the order of the parameters. */
export function bind(
  { name: callee, parameters, rest = false }: Signature & { name: string },
  given: ExpressionTree[],
  read: (node: ExpressionTree) => Expression,
): Argument[] {
  const args: Argument[] = parameters.map(() => undefined)
  for (const [i, node] of given.entries()) {
    if (node.type === 'SpreadExpression' || node.type === 'KeywordSpreadExpression') {
      throw broken(`unpacks the arguments of ${callee}, which is not supported`)
    }
    if (node.type !== 'KeywordArgumentExpression') {
      if (i >= parameters.length && !rest) throw broken(`gives too many arguments to ${callee}`)
      args[i] = read(node)
      continue
    }
    const at = parameters.indexOf(node.key.value)
    if (at === -1 || args[at] !== undefined) {
      throw broken(
        `gives ${callee} an argument that it does not take: ${cutText(node.key.value, 100)}`,
      )
    }
    args[at] = read(node.value)
  }
  return args
}
