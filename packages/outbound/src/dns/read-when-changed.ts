import { readFileSync, statSync } from 'node:fs'

/**
 * The parsed content of a small system file. A file that cannot be read counts as empty. The file is checked again
 * after some time, and read again when it has changed.
 */
export function readWhenChanged<T>(
  path: string,
  parse: (text: string) => T,
  now: () => number = () => performance.now(),
): () => T {
  let state: { value: T; version: string; at: number } | undefined

  return () => {
    if (state !== undefined && now() - state.at < recheckAfterMs) return state.value
    const version = versionOf(path)
    const value = state?.version === version ? state.value : parse(textOf(path))
    state = { value, version, at: now() }
    return value
  }
}

/** The time until the next check, milliseconds. The files of a container change when it joins a network. */
const recheckAfterMs = 5_000
const maxCharacters = 1024 * 1024

function versionOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat === undefined ? '' : `${stat.ino} ${stat.mtimeMs} ${stat.size}`
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').slice(0, maxCharacters)
  } catch {
    return ''
  }
}
