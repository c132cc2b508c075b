import { type Node, visitorKeys } from 'oxc-parser'
import { type Code, type CodeIndex, isFunction } from './code-index.ts'

/** The files that a reader opens, in order, and the calls that lead back into an earlier file. */
export type Route = { files: string[]; returns: string[] }

/**
 * The scope of a reader: functions of these packages, and members of objects with these names. A name
 * refers to the member in another package, which is a port's adapter, or else in the same package.
 */
export type Reading = { packages: string[]; members: string[] }

/**
 * Follows the parameters of a function through the code, like a reader who wants to know how they are used:
 * call by call in the order of the text, into every function that receives one of them or a value derived from it. Each
 * function is read once. Thrown errors are not followed.
 *
 * The end of a function leads back to its caller, which is not a return. A return is a call from one file into
 * another file that the reader has opened before.
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
      // A member function is read at its call.
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

/** The position of the reader: a function, with the names of the followed values. */
type Place = { code: Code; followed: Set<string> }

function follow(pattern: Node, { followed }: Place): void {
  for (const name of namesIn(pattern)) followed.add(name)
}

/** The names of the parameters that receive a followed value. A closure also sees those around it. */
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

/** Whether an expression names a followed value. */
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

/** The child nodes of a node, in the order of the text, without types. */
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
