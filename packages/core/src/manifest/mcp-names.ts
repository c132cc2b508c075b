import { hash } from 'node:crypto'

/** A tool of an MCP server. `since` is when the tool was first seen, epoch milliseconds. */
export type NamedTool = { server: string; name: string; since: number }

/**
 * The name of each tool for models: its own name, in characters that all vendors accept. When another tool has that
 * name, the server's key is put before it; when that is used as well, a hash is added. Names are assigned in the order
 * in which tools were first seen, so a new tool renames no other. A tool without an entry has no free name.
 */
export function mcpNames<T extends NamedTool>(
  tools: readonly T[],
  taken: Iterable<string> = [],
): Map<T, string> {
  const used = new Set(taken)
  const names = new Map<T, string>()
  for (const tool of inOrder(tools)) {
    const name = candidates(tool).find((candidate) => !used.has(candidate))
    if (name === undefined) continue
    used.add(name)
    names.set(tool, name)
  }
  return names
}

/** The tools in the order in which they were first seen; tools seen at the same time keep their order. */
export function inOrder<T extends NamedTool>(tools: readonly T[]): T[] {
  return tools.toSorted((a, b) => a.since - b.since)
}

/** A name that ends with a hash of the tool's identity. */
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
