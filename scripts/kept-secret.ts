import { link, readFile, rm, writeFile } from 'node:fs/promises'

/** The secret that a file keeps, readable by its owner alone; made at the first call. */
export const storedSecret = async (file: string, make: () => string): Promise<string> => {
  const read = async () => (await readFile(file, 'utf8')).trim()
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  const aside = `${file}.${process.pid}`
  await writeFile(aside, `${make()}\n`, { mode: 0o600 })
  // Linked and not renamed: of two that make it at once, the first wins for both.
  await link(aside, file).catch(() => undefined)
  await rm(aside)
  return read()
}
