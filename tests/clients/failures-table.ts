import { readFileSync } from 'node:fs'
import type { Row } from './count-calls.ts'

/** A table of the page about clients, by the names of its rows. */
export function readTable(heading: string): Map<string, Row> {
  const page = readFileSync('docs/reference/clients.md', 'utf8')
  const [, section = ''] = page.split(`\n## ${heading}\n`)
  const [head = [], , ...rows] = (section.split('\n## ')[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
  const columns = head.slice(1).map((title) => title.replaceAll('`', ''))
  return new Map(
    rows.map(([name = '', ...cells]) => [
      name,
      Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? ''])),
    ]),
  )
}

/** These columns of a row. */
export function pick(row: Row | undefined, columns: string[]): Row {
  return Object.fromEntries(columns.map((column) => [column, row?.[column] ?? '']))
}
