import { link, readFile, rm, writeFile } from 'node:fs/promises'

/** Reads the secret in a file that only its owner can read. Creates the file at the first call. */
export const storedSecret = async (file: string, make: () => string): Promise<string> => {
  const read = async () => (await readFile(file, 'utf8')).trim()
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  const aside = `${file}.${process.pid}`
  await writeFile(aside, `${make()}\n`, { mode: 0o600 })
  // A link instead of a rename: if two processes create it at once, both use the first one.
  await link(aside, file).catch(() => undefined)
  await rm(aside)
  return read()
}
