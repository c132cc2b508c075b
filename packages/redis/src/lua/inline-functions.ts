import { codeOf } from './late-functions.ts'

/**
 * A script creates its functions again at every call, and each call of one costs time. `withInlined` replaces the calls
 * of functions that are one expression, `local function name(parameters) return expression end` on one line, by the
 * expression. A call stays if the expression would then mean something else, or an argument would be computed twice.
 */
export function withInlined(source: string): string {
  const declared = countDeclared(source)
  const known = new Map<string, Inline>()
  let isComment = false
  const lines = source.split('\n').map((line) => {
    if (line.includes('--[[')) isComment = true
    const code = isComment ? '' : codeOf(line)
    if (line.includes(']]')) isComment = false
    const inlined = withoutCalls(code, known)
    const found = inlineOf(inlined, declared)
    if (found) known.set(...found)
    return inlined + line.slice(code.length)
  })
  return lines.join('\n')
}

type Inline = { parameters: string[]; expression: string }

function inlineOf(line: string, declared: Map<string, number>): [string, Inline] | undefined {
  const found = /^local function (\w+)\(([\w, ]*)\) return (.+) end$/.exec(line)
  if (!found) return undefined
  const [, name = '', names = '', expression = ''] = found
  const parameters = names.split(', ').filter((parameter) => parameter !== '')
  // A table has names that are not variables, and several values are no expression.
  const code = expression.replaceAll(/'(?:\\.|[^'\\])*'/g, "''")
  if (/[{}]|\bfunction\b/.test(code) || splitAtCommas(expression).length > 1) return undefined
  const free = wordsOf(expression).filter((word) => !parameters.includes(word))
  // With a second variable of the same name, the expression could mean another one where the function is called.
  if ([name, ...free].some((word) => (declared.get(word) ?? 0) > 1)) return undefined
  return [name, { parameters, expression }]
}

function countDeclared(source: string): Map<string, number> {
  const code = source.replaceAll(/--\[\[[\s\S]*?\]\]|--.*$/gm, '')
  const lists = [
    ...code.matchAll(/\blocal (?!function\b)((?:\w+,\s*)*\w+)/g),
    ...code.matchAll(/\blocal function (\w+)/g),
    ...code.matchAll(/\bfunction ?\w*\(([^)]*)\)/g),
    ...code.matchAll(/\bfor ([\w, ]+?) (?:=|in)/g),
  ]
  const counts = new Map<string, number>()
  for (const [, names = ''] of lists)
    for (const name of names.split(/[,\s]+/)) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

/** `isValue` is false for the beginning of a statement, which cannot be an expression. */
function withoutCalls(code: string, known: ReadonlyMap<string, Inline>, isValue = false): string {
  for (const { 0: text, 1: name = '', index } of code.matchAll(/(?<![.:\w])(\w+)\(/g)) {
    const inline = known.get(name)
    const first = index + text.length
    const end = closing(code, first)
    const before = code.slice(0, index)
    const isUsed = (isValue || /\S/.test(before)) && !/\bfunction $/.test(before)
    if (inline === undefined || end === undefined || !isUsed) continue
    const values = splitAtCommas(code.slice(first, end)).map((value) =>
      withoutCalls(value, known, true),
    )
    const filled = filledIn(inline, values)
    if (filled === undefined) continue
    return before + filled + withoutCalls(code.slice(end + 1), known, true)
  }
  return code
}

/** The expression for the values of the parameters; undefined if one of them would be computed twice. */
function filledIn({ parameters, expression }: Inline, values: string[]): string | undefined {
  if (values.length !== parameters.length) return undefined
  const words = wordsOf(expression)
  const isOnce = (at: number) => words.filter((word) => word === parameters[at]).length === 1
  if (!values.every((value, at) => isCheap(value) || isOnce(at))) return undefined
  const valueOf = new Map(parameters.map((parameter, at) => [parameter, values[at] ?? '']))
  const filled = expression.replaceAll(token, (text) => {
    const value = valueOf.get(text)
    return value === undefined ? text : isCheap(value) ? value : `(${value})`
  })
  return `(${filled})`
}

/** Whether a value is a variable, a field, a number or a text. */
function isCheap(value: string): boolean {
  return /^(?:[\w.]+|'[^']*')$/.test(value)
}

/** A text, a field with its dot, or a word. */
const token = /'(?:\\.|[^'\\])*'|[.:]\w+|\w+/g

/** The names of variables and words of the language in an expression. */
function wordsOf(expression: string): string[] {
  return [...expression.matchAll(token)]
    .map(([text]) => text)
    .filter((text) => /^[a-z]/i.test(text))
}

/** The position of the parenthesis that closes the one before `from`. */
function closing(code: string, from: number): number | undefined {
  let depth = 0
  for (const { 0: text, index } of code.slice(from).matchAll(/'(?:\\.|[^'\\])*'|[(){}[\]]/g)) {
    if ('({['.includes(text)) depth += 1
    else if (')}]'.includes(text)) {
      if (depth === 0) return from + index
      depth -= 1
    }
  }
  return undefined
}

function splitAtCommas(code: string): string[] {
  const parts: string[] = []
  let depth = 0
  let first = 0
  for (const { 0: text, index } of code.matchAll(/'(?:\\.|[^'\\])*'|[(){}[\],]/g)) {
    if ('({['.includes(text)) depth += 1
    else if (')}]'.includes(text)) depth -= 1
    else if (text === ',' && depth === 0) {
      parts.push(code.slice(first, index).trim())
      first = index + 1
    }
  }
  const last = code.slice(first).trim()
  return parts.length === 0 && last === '' ? [] : [...parts, last]
}
