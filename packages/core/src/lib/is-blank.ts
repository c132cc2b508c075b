/** Vendors refuse messages that hold nothing but white space. */
export function isBlank(text: string): boolean {
  return text.trim() === ''
}
