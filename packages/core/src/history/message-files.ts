import { addParts } from './merge-parts.ts'
import { withoutFile } from './result-files.ts'
import type { InputFile, Message, UserFile, UserPart } from './message.ts'

export type MessageFiles = ReturnType<typeof createFiles>

/** A file of a message or a result that must be fetched before a model is called. */
export type FileToFetch = { fileId: string; uri: string; mimeType?: string; name?: string }

/** Manages the files of a history. The contents of those that were sent by address are recorded as separate facts. */
export function createFiles(state: { history: Message[]; unread: FileToFetch[] }) {
  const files = new Map<string, UserFile>()
  const broken = new Set<string>()

  function remove(fileId: string): void {
    files.delete(fileId)
    state.unread = state.unread.filter((file) => file.fileId !== fileId)
  }

  function replaceByNote(fileId: string): void {
    const part = files.get(fileId)
    const text = unreadable(part?.name)
    const note: UserPart = { kind: 'text', text }
    for (const message of state.history) {
      if (message.role === 'tool' && part !== undefined) {
        message.results = message.results.map((result) => withoutFile(result, part, text))
      } else if (message.role === 'user') {
        message.parts = addParts(
          [],
          message.parts.map((other) => (other === part ? note : other)),
        )
      }
    }
    remove(fileId)
  }

  return {
    /** Adds a file. One without bytes is empty: its contents arrive later, and until then no model may be called. */
    add({ bytes, uri = '', mimeType, name }: InputFile, fileId: string): UserFile {
      const named = name === undefined ? {} : { name }
      if (bytes !== undefined) {
        return { kind: 'file', mimeType: mimeType ?? '', data: bytes, ...named }
      }
      const typed = mimeType === undefined ? {} : { mimeType }
      const part: UserFile = { kind: 'file', mimeType: '', data: '', ...named }
      state.unread.push({ fileId, uri, ...typed, ...named })
      files.set(fileId, part)
      return part
    },

    fetched(fileId: string, content: Pick<UserFile, 'mimeType' | 'data'>): void {
      const part = files.get(fileId)
      if (part !== undefined) Object.assign(part, content)
      remove(fileId)
    },

    /** A file could not be read, so the turn fails. The next turn decides what happens to the file. */
    failed(fileId: string): void {
      broken.add(fileId)
    },

    /** Replaces files that could not be read by notes. */
    replaceFailed(): void {
      for (const fileId of broken) replaceByNote(fileId)
      broken.clear()
    },

    /** Files that could not be read are fetched again. */
    retry(): void {
      broken.clear()
    },
  }
}

/** The text that replaces a file that could not be read. */
export function unreadable(name = ''): string {
  return `[file ${name} could not be read]`
}
