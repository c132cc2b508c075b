/** A profile as V8 writes it. Times are in microseconds. */
export type CpuProfile = {
  nodes: { id: number; callFrame: { functionName: string; url: string } }[]
  /** The node that ran at each sample, and the time since the sample before. */
  samples: number[]
  timeDeltas: number[]
}

/** The CPU time of each package in microseconds, the largest first. */
export function timesByPackage({ nodes, samples, timeDeltas }: CpuProfile): [string, number][] {
  const packages = new Map(nodes.map(({ id, callFrame }) => [id, packageOf(callFrame)]))
  const times = new Map<string, number>()
  for (const [at, node] of samples.entries()) {
    const name = packages.get(node) ?? 'unknown'
    // The time of a sample lasts until the next one.
    if (name !== idle) times.set(name, (times.get(name) ?? 0) + (timeDeltas[at + 1] ?? 0))
  }
  return [...times].toSorted(([, a], [, b]) => b - a)
}

const idle = '(idle)'

const meta: Record<string, string> = {
  '(program)': 'native code',
  '(garbage collector)': 'garbage collection',
  '(root)': 'native code',
}

/** The package of a function: one of ours, a dependency, or a part of Node such as `node:internal/streams`. */
function packageOf({ functionName, url }: { functionName: string; url: string }): string {
  if (url === '') return meta[functionName] ?? (functionName === idle ? idle : 'built into V8')
  if (url.startsWith('node:')) return url.split('/').slice(0, 2).join('/')
  const dependency = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1]
  if (dependency !== undefined) return dependency
  return /\/((?:packages|apps)\/[^/]+)\//.exec(url)?.[1] ?? 'other code'
}
