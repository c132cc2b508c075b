import { readFileSync, statSync } from 'node:fs'

/**
 * What a small file of the system says now; a file that cannot be read says nothing. It is looked at again when some
 * time has passed, and read again when it has changed.
 */
export function readWhenChanged<T>(
  path: string,
  parse: (text: string) => T,
  now: () => number = () => performance.now(),
): () => T {
  let state: { value: T; version: string; at: number } | undefined

  return () => {
    if (state !== undefined && now() - state.at < pause) return state.value
    const version = versionOf(path)
    const value = state?.version === version ? state.value : parse(textOf(path))
    state = { value, version, at: now() }
    return value
  }
}

/** 5 s, in milliseconds: containers' files change when they join networks. */
const pause = 5_000
const longest = 1024 * 1024

function versionOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat === undefined ? '' : `${stat.ino} ${stat.mtimeMs} ${stat.size}`
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').slice(0, longest)
  } catch {
    return ''
  }
}
