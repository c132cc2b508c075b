import {
  type ArrowFunctionExpression,
  type Function,
  type Node,
  parseSync,
  Visitor,
} from 'oxc-parser'
import { resolveImport } from './imports.ts'
import { isTest, type SourceFiles } from './source-files.ts'

export type FunctionNode = Function | ArrowFunctionExpression
/** A function, and the functions that it can call by their bare names, the innermost scope first. */
export type Code = { name: string; file: string; node: FunctionNode; scopes: Scope[] }
type Scope = Map<string, Code>

/** Finds the functions of the product. */
export type CodeIndex = {
  /** The functions at the top of a file, by name. */
  topOf(file: string): Scope
  /** The function that a name in a file refers to, through imports and re-exports. */
  named(file: string, name: string): Code | undefined
  /** Every function that is a member of an object or a class, by its name. */
  members: Map<string, Code[]>
}

export function indexCode(files: SourceFiles): CodeIndex {
  const paths = [...files.keys()].filter((path) => path.endsWith('.ts') && !isTest(path))
  const tops = new Map<string, Scope>()
  const members = new Map<string, Code[]>()
  const imports = new Map<string, Map<string, { file: string; name: string }>>()
  const exported = new Map<string, { file: string; name: string; as: string }[]>()
  for (const path of paths) read(path, files.get(path) ?? '')
  return { topOf: (file) => tops.get(file) ?? new Map(), named, members }

  function named(file: string, name: string): Code | undefined {
    const own = tops.get(file)?.get(name)
    if (own !== undefined) return own
    const imported = imports.get(file)?.get(name)
    if (imported !== undefined) return named(imported.file, imported.name)
    for (const { file: from, name: other, as } of exported.get(file) ?? []) {
      const found = as === '*' ? named(from, name) : as === name && named(from, other)
      if (found) return found
    }
    return undefined
  }

  function read(file: string, text: string): void {
    const { program, module } = parseSync(file, text)
    imports.set(
      file,
      new Map(
        module.staticImports.flatMap(({ moduleRequest, entries }) => {
          const from = resolveImport(file, moduleRequest.value)
          if (from === undefined) return []
          return entries.map(({ localName, importName }) => [
            localName.value,
            { file: from, name: importName.name ?? '' },
          ])
        }),
      ),
    )
    exported.set(
      file,
      module.staticExports.flatMap(({ entries }) =>
        entries.flatMap(({ moduleRequest, importName, exportName }) => {
          const from = moduleRequest && resolveImport(file, moduleRequest.value)
          if (from == null) return []
          return [{ file: from, name: importName.name ?? '', as: exportName.name ?? '*' }]
        }),
      ),
    )
    tops.set(file, readFunctions(program, file, members))
  }
}

/** Collects the functions of a file, and returns those at its top level. */
function readFunctions(program: Node, file: string, members: Map<string, Code[]>): Scope {
  const scopes: Scope[] = [new Map()]
  const top = scopes[0] ?? new Map()
  const shorthands: { name: string; scopes: Scope[] }[] = []
  const open = (node: FunctionNode) => {
    const code = names.get(node)
    const inner: Scope = new Map()
    if (code !== undefined) code.scopes = [inner, ...scopes]
    scopes.unshift(inner)
  }
  const names = new Map<FunctionNode, Code>()
  const declare = (name: string, node: FunctionNode): Code => {
    const code = { name, file, node, scopes: [...scopes] }
    names.set(node, code)
    return code
  }
  const close = () => void scopes.shift()
  new Visitor({
    FunctionDeclaration(node) {
      if (node.id !== null) scopes[0]?.set(node.id.name, declare(node.id.name, node))
      open(node)
    },
    'FunctionDeclaration:exit': close,
    FunctionExpression: open,
    'FunctionExpression:exit': close,
    ArrowFunctionExpression: open,
    'ArrowFunctionExpression:exit': close,
    VariableDeclarator({ id, init }) {
      if (id.type !== 'Identifier' || !isFunction(init)) return
      scopes[0]?.set(id.name, declare(id.name, init))
    },
    Property({ key, value, shorthand }) {
      if (key.type !== 'Identifier') return
      if (shorthand) shorthands.push({ name: key.name, scopes: [...scopes] })
      if (isFunction(value)) addMember(declare(key.name, value))
    },
    MethodDefinition({ key, value }) {
      if (key.type === 'Identifier' && isFunction(value)) addMember(declare(key.name, value))
    },
  }).visit(program as never)
  for (const { name, scopes: around } of shorthands) {
    const code = around.find((scope) => scope.has(name))?.get(name)
    if (code !== undefined) addMember(code)
  }
  return top

  function addMember(code: Code): void {
    const list = members.get(code.name) ?? []
    if (!list.includes(code)) members.set(code.name, [...list, code])
  }
}

export function isFunction(node: Node | null | undefined): node is FunctionNode {
  return node != null && /^(?:Function|ArrowFunction)Expression$/.test(node.type)
}
