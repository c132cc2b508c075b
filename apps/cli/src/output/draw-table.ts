import { safeText } from './safe-text.ts'

/** Aligns rows under a header. The last column is cut at the width of the terminal. */
export function drawTable(header: string[], rows: string[][], width: number): string[] {
  const all = [header, ...rows].map((row) => row.map(oneLine))
  const widths = header.map((_, at) => Math.max(...all.map((row) => (row[at] ?? '').length)))
  return all.map((row) => {
    const cells = row.map((cell, at) =>
      at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0),
    )
    const line = cells.join('  ').trimEnd()
    return line.length > width ? `${line.slice(0, Math.max(0, width - 1))}…` : line
  })
}

function oneLine(text: string): string {
  return safeText(text.replaceAll(/\s+/g, ' '))
}
