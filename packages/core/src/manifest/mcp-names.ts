import { hash } from 'node:crypto'

/** A tool of an MCP server; `since` is when the server was first seen to have it, epoch milliseconds. */
export type NamedTool = { server: string; name: string; since: number }

/**
 * What models call each tool: its own name in characters that all vendors take; where another tool has that, with
 * its server's key before it, and where that is taken, too, with a hash after it. Tools choose in the order in which
 * they were first seen, so a new one renames no other. A tool that gets none has no name left.
 */
export function mcpNames<T extends NamedTool>(
  tools: readonly T[],
  taken: Iterable<string> = [],
): Map<T, string> {
  const used = new Set(taken)
  const names = new Map<T, string>()
  for (const tool of inOrder(tools)) {
    const name = candidates(tool).find((each) => !used.has(each))
    if (name === undefined) continue
    used.add(name)
    names.set(tool, name)
  }
  return names
}

/** The oldest first; those that came together in the order of their list. */
export function inOrder<T extends NamedTool>(tools: readonly T[]): T[] {
  return tools.toSorted((a, b) => a.since - b.since)
}

/** A name that ends with a hash of what makes the tool its own. */
export function hashedName(name: string, identity: string): string {
  const suffix = hash('sha256', identity).slice(0, 12)
  return `${usable(name).slice(0, longest - 1 - suffix.length)}_${suffix}`
}

function candidates({ server, name }: NamedTool): string[] {
  const long = `${server}_${name}`
  return [usable(name), usable(long), hashedName(long, long)]
}

const longest = 64

function usable(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, longest)
}
