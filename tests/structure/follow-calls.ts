import { type Node, visitorKeys } from 'oxc-parser'
import { type Code, type CodeIndex, isFunction } from './code-index.ts'

/** The files that a reader opens, in this order, and the calls that lead back into one that was left. */
export type Route = { files: string[]; returns: string[] }

/**
 * How far a reader goes: into functions of these packages, and into members of objects of these names alone. A name
 * stands for the member of another package, which is a port's adapter, or else of the own one.
 */
export type Reading = { packages: string[]; members: string[] }

/**
 * Follows the parameters of a function through the code, as a reader does who wants to know what becomes of them:
 * call by call in the order of the text, into every function that is handed one of them or what was made of it. Each
 * function is read once. What is thrown is not followed: there the way ends.
 *
 * The end of a function leads back to its caller, and that is no return. A return is a call from one file into
 * another one that was read in part before.
 */
export function followCalls(start: Code, index: CodeIndex, reading: Reading): Route {
  const files = [start.file]
  const returns: string[] = []
  const read = new Set<Node>()
  enter(start, start.node.params.flatMap(namesIn), start.file)
  return { files, returns }

  function enter(code: Code, followed: string[], from: string): void {
    if (read.has(code.node)) return
    read.add(code.node)
    if (code.file !== from && files.includes(code.file)) {
      returns.push(`${from} → ${code.file}, ${code.name}`)
    }
    if (!files.includes(code.file)) files.push(code.file)
    const { body } = code.node
    if (body !== null) readNode(body, { code, followed: new Set(followed) })
  }

  function readNode(node: Node, at: Place): void {
    const { type } = node
    if (type === 'FunctionDeclaration' || type === 'ThrowStatement') return
    if (type === 'VariableDeclarator') {
      if (isFunction(node.init)) return
      readParts(node, at)
      if (mentions(node.init, at.followed)) follow(node.id, at)
    } else if (type === 'ForOfStatement') {
      readNode(node.right, at)
      if (mentions(node.right, at.followed)) follow(node.left, at)
      readNode(node.body, at)
    } else if (type === 'CallExpression') {
      readCall(node, at)
    } else if (type === 'Property') {
      // A member is read when it is called.
      if (!isFunction(node.value)) readNode(node.value, at)
    } else readParts(node, at)
  }

  function readParts(node: Node, at: Place): void {
    for (const part of partsOf(node)) readNode(part, at)
  }

  function readCall(call: Node & { type: 'CallExpression' }, at: Place): void {
    const functions = call.arguments.filter(isFunction)
    readNode(call.callee, at)
    for (const argument of call.arguments) if (!isFunction(argument)) readNode(argument, at)
    if (mentions(call, at.followed)) {
      const target = targetOf(call.callee, at)
      if (target !== undefined) enter(target, handedTo(target, call, at), at.code.file)
    }
    for (const inline of functions) {
      const handed = mentions(call, at.followed) ? inline.params.flatMap(namesIn) : []
      const followed = new Set([...at.followed, ...handed])
      if (inline.body !== null) readNode(inline.body, { ...at, followed })
    }
  }

  function targetOf(callee: Node, { code }: Place): Code | undefined {
    if (callee.type === 'Identifier') {
      const local = code.scopes.find((scope) => scope.has(callee.name))?.get(callee.name)
      const target = local ?? index.named(code.file, callee.name)
      return target && isRead(target) ? target : undefined
    }
    if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier')
      return undefined
    if (!reading.members.includes(callee.property.name)) return undefined
    const all = (index.members.get(callee.property.name) ?? []).filter(isRead)
    return all.find(({ file }) => packageOf(file) !== packageOf(code.file)) ?? all[0]
  }

  function isRead({ file }: Code): boolean {
    return reading.packages.includes(packageOf(file))
  }
}

/** Where the reader is: in a function, with the names that stand for what is followed. */
type Place = { code: Code; followed: Set<string> }

function follow(pattern: Node, { followed }: Place): void {
  for (const name of namesIn(pattern)) followed.add(name)
}

/** The names of the parameters that are handed something followed. A closure sees those around it, too. */
function handedTo(
  { node, file }: Code,
  call: Node & { type: 'CallExpression' },
  at: Place,
): string[] {
  const handed = node.params.flatMap((parameter, number) =>
    mentions(call.arguments[number], at.followed) ? namesIn(parameter) : [],
  )
  return file === at.code.file ? [...handed, ...at.followed] : handed
}

/** Whether an expression names something that is followed. */
function mentions(node: Node | null | undefined, followed: Set<string>): boolean {
  if (node == null) return false
  if (node.type === 'Identifier') return followed.has(node.name)
  if (node.type === 'Property') return mentions(node.value, followed)
  if (node.type === 'MemberExpression') {
    return mentions(node.object, followed) || (node.computed && mentions(node.property, followed))
  }
  return partsOf(node).some((part) => mentions(part, followed))
}

/** The names that a pattern binds. */
function namesIn(pattern: Node): string[] {
  if (pattern.type === 'Identifier') return [pattern.name]
  if (pattern.type === 'Property') return namesIn(pattern.value)
  if (pattern.type === 'AssignmentPattern') return namesIn(pattern.left)
  if (pattern.type === 'VariableDeclarator') return namesIn(pattern.id)
  return partsOf(pattern).flatMap(namesIn)
}

/** What a node consists of, in the order of the text, without types. */
function partsOf(node: Node): Node[] {
  const parts = (visitorKeys[node.type] ?? []).flatMap(
    (key) => (node as unknown as Record<string, Node | (Node | null)[] | null>)[key] ?? [],
  )
  return parts.filter((part) => part !== null && !isType(part)) as Node[]
}

function isType({ type }: Node): boolean {
  return type.startsWith('TS') && !/^TS(?:As|Satisfies|NonNull)/.test(type)
}

function packageOf(file: string): string {
  return file.split('/', 2).join('/')
}
