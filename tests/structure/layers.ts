import type { Imports } from './imports.ts'
import { isTest } from './source-files.ts'

/** From the lowest to the highest. A package imports only what lies in a lower layer than its own. */
const layers = [
  ['packages/core', 'packages/client'],
  ['packages/content', 'packages/outbound', 'packages/redis', 'packages/provision'],
  ['packages/process', 'packages/agent', 'packages/tasks'],
  ['apps/api', 'apps/worker', 'apps/cli', 'apps/dashboard'],
  ['scripts'],
  ['packages/testbed'],
  ['tests'],
]

/** Finds every import that does not lead downwards, and every file without a layer. */
export function wrongImports(imports: Imports): string[] {
  const wrong: string[] = []
  for (const [from, targets] of imports) {
    if (layerOf(from) === undefined) wrong.push(`${from} is in no layer`)
    for (const to of targets) {
      if (!mayImport(from, to)) wrong.push(`${from} imports ${to}`)
    }
  }
  return wrong
}

function mayImport(from: string, to: string): boolean {
  const [own, other] = [layerOf(from), layerOf(to)]
  if (own === undefined || other === undefined) return false
  // Tests are beside the code that they test, and may use higher layers.
  if (isTest(from)) return true
  if (isTest(to)) return false
  return packageOf(from) === packageOf(to) || other < own
}

function layerOf(path: string): number | undefined {
  const layer = layers.findIndex((packages) => packages.includes(packageOf(path)))
  return layer < 0 ? undefined : layer
}

/** `packages/core`, `apps/api`, `scripts` or `tests`. */
function packageOf(path: string): string {
  const [first = '', second = ''] = path.split('/')
  return ['packages', 'apps'].includes(first) ? `${first}/${second}` : first
}
