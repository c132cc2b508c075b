import { readFile } from 'node:fs/promises'
import { UsageError } from '../failure.ts'

/** The content of a file of settings; undefined if there is none. */
export async function readJson<T>(path: string): Promise<T | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new UsageError(`${path} cannot be read (${code})`)
  }
  try {
    return JSON.parse(text) as T
  } catch {
    throw new UsageError(`${path} is no valid JSON`, 'Correct it, or delete it.')
  }
}
