type VersionIncrement = 'major' | 'minor' | 'patch'

/** Fields of a change that describe the version that it makes. */
export type Versioning = {
  versionIncrement?: VersionIncrement | undefined
  versionDescription?: string | undefined
}

export const firstVersion = '1.0.0'

export function nextVersion(version: string, increment: VersionIncrement = 'patch'): string {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  const next = {
    major: [major + 1, 0, 0],
    minor: [major, minor + 1, 0],
    patch: [major, minor, patch + 1],
  }
  return next[increment].join('.')
}
