/** Draws rows of cells as lines of text. The first column is aligned to the left, the others to the right. */
export function drawTable(lines: string[][]): string[] {
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => width(line, column))))
  return lines.map((line) =>
    line
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths?.[column] ?? 0) : cell.padStart(widths?.[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  )
}

function width(line: string[], column: number): number {
  return line[column]?.length ?? 0
}
