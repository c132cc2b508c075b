import type { Imports } from './imports.ts'

/** The shortest cycle of imports through each group of files that import each other, `a → b → a`. */
export function cyclesOf(imports: Imports): string[] {
  return groupsOf(imports).map((group) => shortest(group, imports).join(' → '))
}

/** Tarjan's algorithm: the strongly connected components of more than one file, or of one that imports itself. */
function groupsOf(imports: Imports): string[][] {
  const groups: string[][] = []
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const path: string[] = []
  for (const file of imports.keys()) if (!index.has(file)) visit(file)
  return groups

  function visit(file: string): void {
    const number = index.size
    index.set(file, number)
    low.set(file, number)
    path.push(file)
    const targets = imports.get(file) ?? []
    for (const target of targets) {
      if (!index.has(target)) visit(target)
      if (path.includes(target)) low.set(file, Math.min(low.get(file) ?? 0, low.get(target) ?? 0))
    }
    if (low.get(file) !== number) return
    const group = path.splice(path.indexOf(file))
    if (group.length > 1 || imports.get(file)?.has(file) === true) groups.push(group)
  }
}

function shortest(group: string[], imports: Imports): string[] {
  const members = new Set(group)
  const cycles = group.map((start) => cycleFrom(start, members, imports))
  return cycles.toSorted((a, b) => a.length - b.length)[0] ?? group
}

function cycleFrom(start: string, members: Set<string>, imports: Imports): string[] {
  let ways = [[start]]
  const seen = new Set<string>()
  while (ways.length > 0) {
    const longer: string[][] = []
    for (const way of ways) {
      for (const target of imports.get(way.at(-1) ?? '') ?? []) {
        if (target === start) return [...way, start]
        if (!members.has(target) || seen.has(target)) continue
        seen.add(target)
        longer.push([...way, target])
      }
    }
    ways = longer
  }
  return [...members]
}
