/**
 * A script creates its functions again at every call, so it should have few. `withUsedFunctions` leaves out those that
 * the script does not use, and creates the functions between `-- @late` and `-- @end` when one of them is first called.
 * A function begins with `local function` and ends with `end`, both at the start of a line.
 */
export function withUsedFunctions(source: string): string {
  return withLateFunctions(withoutUnused(partsOf(source)))
}

/** The same without late functions, for a library, which creates its functions once. */
export function withoutUnusedFunctions(source: string): string {
  return withoutUnused(partsOf(source))
    .flatMap(({ lines }) => lines)
    .join('\n')
}

/** A function, or the lines between two functions. */
type Part = { name?: string; lines: string[]; mentions: Set<string> }

function partsOf(source: string): Part[] {
  const parts: Part[] = []
  let open: Part | undefined
  let isComment = false
  for (const line of source.split('\n')) {
    const [, name] = open?.name === undefined ? (functionStart.exec(line) ?? []) : []
    if (open === undefined || name !== undefined) {
      open = { ...(name !== undefined && { name }), lines: [], mentions: new Set() }
      parts.push(open)
    }
    open.lines.push(line)
    if (line.includes('--[[')) isComment = true
    if (!isComment) for (const [word] of codeOf(line).matchAll(/\w+/g)) open.mentions.add(word)
    if (line.includes(']]')) isComment = false
    if (open.name !== undefined && functionEnd.test(line)) open = undefined
  }
  return parts
}

const functionStart = /^local function (\w+)/
const functionEnd = /^end$|^local function .* end$/

/** The code of a line, without its comment. */
export function codeOf(line: string): string {
  return line.replace(/--.*$/, '')
}

function withoutUnused(parts: Part[]): Part[] {
  const functions = new Map(parts.flatMap((part) => (part.name ? [[part.name, part]] : [])))
  const used = new Set(parts.filter(({ name }) => name === undefined))
  // The loop also visits what it adds.
  for (const { mentions } of used) {
    for (const word of mentions) {
      const found = functions.get(word)
      if (found !== undefined) used.add(found)
    }
  }
  return parts.filter((part) => used.has(part))
}

/** Moves the functions of each block into one function, which creates them once. Blocks without code between them are one. */
function withLateFunctions(parts: Part[]): string {
  const done: string[] = []
  /** The name of each late function in the code that follows its block. */
  const renamed = new Map<string, string>()
  let block: Block | undefined
  let isOpen = false

  const withNames = (line: string) =>
    line.replaceAll(/\b\w+\b/g, (word) => renamed.get(word) ?? word)
  function close({ names, lines }: Block) {
    block = undefined
    if (names.length === 0) return
    const made = `late${(blocks += 1)}`
    done.push(...lateBlock(made, { names, lines }))
    for (const name of names) renamed.set(name, `${made}().${name}`)
  }
  let blocks = 0

  for (const { name, lines } of parts) {
    if (isOpen && name !== undefined) block?.names.push(name)
    for (const line of lines) {
      if (line === '-- @late') {
        block ??= { names: [], lines: [] }
        isOpen = true
      } else if (line === '-- @end') {
        isOpen = false
      } else if (isOpen && name === undefined && codeOf(line).trim() !== '') {
        throw new Error(`a late block contains more than functions: ${line}`)
      } else if (block !== undefined && (isOpen || codeOf(line).trim() === '')) {
        block.lines.push(withNames(line))
      } else {
        if (block !== undefined) close(block)
        done.push(withNames(line))
      }
    }
  }
  return done.join('\n')
}

type Block = { names: string[]; lines: string[] }

function lateBlock(made: string, { names, lines }: Block): string[] {
  return [
    `local ${made}Functions`,
    `local function ${made}()`,
    `if ${made}Functions then return ${made}Functions end`,
    ...lines,
    `${made}Functions = { ${names.map((name) => `${name} = ${name}`).join(', ')} }`,
    `return ${made}Functions`,
    'end',
  ]
}
