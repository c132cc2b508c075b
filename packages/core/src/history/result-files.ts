import { limits } from '../limits/limits.ts'
import type { HistoryResult, InputFile, UserFile } from './message.ts'

/** A number of files, and the characters of their base64. */
export type FileTotal = { count: number; characters: number }

export const noFiles: FileTotal = { count: 0, characters: 0 }

export function addResultFiles(
  { count, characters }: FileTotal,
  files: readonly InputFile[],
): FileTotal {
  return {
    count: count + files.length,
    characters: files.reduce((sum, { bytes = '' }) => sum + bytes.length, characters),
  }
}

/** Why the files of a tool's result exceed a limit, with the files of the turn's earlier results; undefined if not. */
export function resultFilesProblem(
  files: readonly InputFile[],
  before: FileTotal,
): string | undefined {
  const { perResult, perTurn, bytesPerTurn } = limits.resultFiles
  if (files.length > perResult) return `the result has ${files.length} files: ${perResult} are kept`
  const { count, characters } = addResultFiles(before, files)
  if (count > perTurn) return `the turn's results would have ${count} files: ${perTurn} are kept`
  // Base64 has four characters for three bytes.
  const bytes = Math.floor((characters * 3) / 4)
  if (bytes <= bytesPerTurn) return undefined
  return `the files of the turn's results would have ${bytes} bytes: ${bytesPerTurn} are kept`
}

/** The text of a result that has files and no text. */
export const filesOnly = '(the files follow)'

/** The result with a note in place of a file. A result without the file is returned unchanged. */
export function withoutFile(result: HistoryResult, file: UserFile, note: string): HistoryResult {
  const { files = [], text, ...rest } = result
  if (!files.includes(file)) return result
  const others = files.filter((other) => other !== file)
  const isEmpty = others.length === 0 && text === filesOnly
  return {
    ...rest,
    text: isEmpty ? note : `${text}\n${note}`,
    ...(others.length > 0 && { files: others }),
  }
}
