import { limits } from '@longhaul/core'
import { broken } from '../../output.ts'

export type Descent = ReturnType<typeof createDescent>

/** Goes down a tree, and not too far. */
export function createDescent() {
  let depth = 0
  return function deeper<Node, Result>(read: (node: Node) => Result, node: Node): Result {
    depth += 1
    if (depth > limits.templateDepth) throw broken(tooDeep)
    const result = read(node)
    depth -= 1
    return result
  }
}

export const tooDeep = `is nested deeper than ${limits.templateDepth} levels`
