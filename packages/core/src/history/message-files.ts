import { addParts } from './merge-parts.ts'
import type { Message, UserFile, UserPart } from './message.ts'

export type MessageFiles = ReturnType<typeof createFiles>

/** A file of a message that must be fetched before a model can be asked. */
export type FileToFetch = { fileId: string; uri: string; mimeType?: string; name?: string }

/** The files of a history that come by their addresses: their contents are facts of their own. */
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
        message.parts.map((each) => (each === part ? note : each)),
      )
    }
    remove(fileId)
  }

  return {
    /** An empty file, whose contents come later; until then a model must not be asked. */
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

    /** The turn ends with it. The next turn decides what becomes of the file. */
    failed(fileId: string): void {
      broken.add(fileId)
    },

    /** Notes take the places of files that could not be read. */
    giveUp(): void {
      for (const fileId of broken) replaceByNote(fileId)
      broken.clear()
    },

    /** Files that could not be read are tried again. */
    retry(): void {
      broken.clear()
    },
  }
}

/** What stands in the place of a file that could not be read. */
export function unreadable(name = ''): string {
  return `[file ${name} could not be read]`
}
