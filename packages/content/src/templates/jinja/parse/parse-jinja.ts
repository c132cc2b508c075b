import { parse, tokenize } from '@huggingface/jinja'
import { cutText, LonghaulError } from '@longhaul/core'
import { broken } from '../../output.ts'
import { tooDeep } from './depth-limit.ts'
import type { Tree } from './library-tree.ts'
import { readTree } from './read-tree.ts'
import type { Jinja } from './read-tree.ts'

/** Parses a template with the library. `renderJinja` evaluates the result. */
export function parseJinja(template: string): Jinja {
  refuseSlowSpace(template)
  try {
    return readTree(libraryTree(template))
  } catch (error) {
    if (error instanceof LonghaulError) throw error
    throw broken(whyNot(error))
  }
}

/** The library needs quadratic time for long white space. */
function refuseSlowSpace(template: string) {
  if (/(?:^|\S)\s{500}/.test(template)) throw broken('has too much white space in one place')
}

function libraryTree(template: string): Tree[] {
  // The library drops one line break at the end, but text without tags must stay unchanged.
  const source = template.endsWith('\n') ? `${template}\n` : template
  const tokens = tokenize(source, { lstrip_blocks: false, trim_blocks: false })
  return (parse(tokens) as { body: Tree[] }).body
}

/** The reason of a parse error. The library recurses, and reads beyond the end of a tag that is not closed. */
function whyNot(error: unknown): string {
  if (error instanceof RangeError) return tooDeep
  if (!(error instanceof Error) || error instanceof TypeError) return 'ends within a tag or a block'
  const message = error.message.replace(/^Parser Error: /, '').replace(/\. \w+ !== \w+\.$/, '')
  return `cannot be parsed: ${cutText(message, 200)}`
}
