/**
 * Text of models, tools and callers for a terminal: without control characters, which could move the cursor, change the
 * title or hide text, and without marks that reverse the direction of a line.
 */
export function safeText(text: string): string {
  return text.replaceAll(unsafe, '\u{FFFD}')
}

// oxlint-disable-next-line no-control-regex -- they are what it finds
const unsafe = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/gu
