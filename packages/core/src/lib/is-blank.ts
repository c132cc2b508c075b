/** Vendors refuse messages that hold nothing but white space. */
export function isSaid(text: string): boolean {
  return text.trim() !== ''
}
