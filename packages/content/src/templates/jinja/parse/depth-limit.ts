import { limits } from '@longhaul/core'
import { broken } from '../../output.ts'

export type DepthLimit = ReturnType<typeof createDepthLimit>

/** Bounds the depth of a walk through a tree. */
export function createDepthLimit() {
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
