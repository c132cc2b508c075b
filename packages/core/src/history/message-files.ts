import { addParts } from './merge-parts.ts'
import type { Message, UserFile, UserPart } from './message.ts'

export type MessageFiles = ReturnType<typeof createFiles>

/** A file of a message that must be fetched before a model is called. */
export type FileToFetch = { fileId: string; uri: string; mimeType?: string; name?: string }

/** Manages the files of a history that were sent by address. Their contents are recorded as separate facts. */
export function createFiles(state: { history: Message[]; unread: FileToFetch[] }) {
  const files = new Map<string, UserFile>()
  const broken = new Set<string>()

  function remove(fileId: string): void {
    files.delete(fileId)
    state.unread = state.unread.filter((file) => file.fileId !== fileId)
  }

  function replaceByNote(fileId: string): void {
    const part = files.get(fileId)
    const note: UserPart = { kind: 'text', text: unreadable(part?.name) }
    for (const message of state.history) {
      if (message.role !== 'user') continue
      message.parts = addParts(
        [],
        message.parts.map((other) => (other === part ? note : other)),
      )
    }
    remove(fileId)
  }

  return {
    /** Adds an empty file, whose contents arrive later. Until then no model may be called. */
    add(file: FileToFetch): UserFile {
      const { fileId, name } = file
      const part: UserFile = {
        kind: 'file',
        mimeType: '',
        data: '',
        ...(name !== undefined && { name }),
      }
      state.unread.push(file)
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
