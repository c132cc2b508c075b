export type FileType = keyof typeof signatures

/** The type of a file by its first bytes, not by the type that the sender declares. Undefined for other types. */
export function fileType(bytes: Uint8Array): FileType | undefined {
  const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1')
  return types.find((type) => signatures[type](start))
}

/** Patterns for the beginning of a file, with each byte as one character. */
const signatures = {
  'image/png': (start: string) => start.startsWith('\u0089PNG\r\n\u001a\n'),
  'image/jpeg': (start: string) => start.startsWith('\u00ff\u00d8\u00ff'),
  'image/gif': (start: string) => start.startsWith('GIF87a') || start.startsWith('GIF89a'),
  'image/webp': (start: string) => start.startsWith('RIFF') && start.startsWith('WEBP', 8),
  'application/pdf': (start: string) => start.startsWith('%PDF-'),
}

const types = Object.keys(signatures) as FileType[]
